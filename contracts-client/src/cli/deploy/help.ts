export const DEPLOY_HELP = `sextant-deploy: puts a network's contracts on an EVM chain

  sextant-deploy --config network.json --rpc URL --keystore deployer.json

Deploys six contracts, one transaction each, writes where they are to the deployment file, and compares their code on
the chain with these sources and their values with the configuration. Nothing of it can be changed later except by the
timelock that is one of them. The account that deploys has no rights afterwards; it pays the bonds of the first validators.

Look at a deployment again, yours or somebody else's:

  sextant-deploy --verify --deployment deployment.json --rpc URL [--config network.json]

Options
  --rpc URL           the chain's endpoint                                     SEXTANT_RPC_URL
  --config FILE       the network, as below
  --deployment FILE   where it is written, and read by --verify                ./deployment.json
  --keystore FILE     the deploying key (web3 secret storage, version 3)       SEXTANT_KEYSTORE
  --verify            deploy nothing, compare; with --config also the values that can never change
  --json              one JSON object a line
  --help

The password is asked for, or comes from SEXTANT_KEYSTORE_PASSWORD_FILE or SEXTANT_KEYSTORE_PASSWORD; instead of a
keystore, SEXTANT_PRIVATE_KEY holds the key. The chain needs what came with Cancun (mcopy).

A configuration (amounts are text in base units; keys and anchors are 32 bytes):

{
  "chainId": 31337,
  "token": { "name": "Sextant Coverage", "symbol": "SXT" },
  "schedule": { "genesisMs": 1800000000000, "epochMs": 86400000,
                "emissionPerDay": "200000000000000000000000", "halvingDays": 730 },
  "vetoSeconds": 21600,
  "guardian": "0x…", "governor": "0x…", "timelockDelaySeconds": 172800,
  "validators": [ { "account": "0x…", "logKey": "0x…", "mirrorKey": "0x…", "chainAnchor": "0x…" } ],
  "threshold": 1,
  "minBondWei": "1000000000000000000", "bondExitDelaySeconds": 1814400,
  "hotspotDepositWei": "10000000000000000", "hotspotReleaseDelaySeconds": 2592000
}

Exit codes: 0 deployed and verified · 1 failed, or not what it should be · 2 the command line is wrong`;
