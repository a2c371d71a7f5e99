export const CLAIM_HELP = `sextant-claim: what your hotspots earned, on your account

See what you can claim, then claim it:

  sextant-claim claimable --owner 0xYourAddress
  sextant-claim claim --keystore wallet.json

Anyone can serve the proof of what you earned; it is checked against the root on the chain before it is used. Anyone can
also pay the fee of your claim: only your account is ever paid, and claiming twice pays nothing the second time. A proof
of any of the last 8 epochs is good.

Commands
  claimable            what --owner (or your key's account) could claim now
  claim                claim it for your key's account
  claim --all          one transaction for every --owner, whoever they are; you pay the fee, they are paid
  history              every payment to the account
  proof                the proof itself, to keep or to claim with elsewhere
  register KEY --possession SIGNATURE
                       become the owner of a hotspot; costs the registry's deposit. KEY is the hotspot's public key
                       (64 hex digits), SIGNATURE its agreement (128 hex digits):  sextant-bridge agree. If the hotspot
                       was invited, only the owner it joined with can register it
  transfer KEY --to ADDRESS      offer a hotspot; it stays yours until the other side accepts. --to 0x0…0 takes it back
  transfer KEY --from ADDRESS    accept what ADDRESS offered you; the deposit goes along
  payout ADDRESS       add what you earn from now on to ADDRESS; what you have earned stays yours. 0x0…0 takes it back
  freeze KEY           a stolen hotspot: it earns nothing and cannot be sold, until  freeze KEY --undo
  release KEY          give a hotspot up; run it again after the registry's delay to get the deposit back. Until then it
                       goes on earning; then it is known no more, unless it was invited
  appeal FILE          sign, as the owner, the appeal that  sextant-bridge appeal --write FILE  wrote; needs no chain and
                       signs nothing else. The signature is added to FILE; then  sextant-bridge appeal --send FILE
  watch                one line for each epoch that becomes claimable, until Ctrl-C

When it counts: validators look at the registry once an epoch, at its end, as far as blocks are final by then. A transfer you
accept, a freeze, a payout or a release holds for all of the epoch in which the chain took it, and from there on. Networks under
rule set 1 do not look at it: there a hotspot stays with the owner it joined with.

Options (before the environment, which goes before the default)
  --rpc URL            the chain's endpoint                        SEXTANT_RPC_URL
  --deployment FILE    what sextant-deploy wrote                   SEXTANT_DEPLOYMENT      ./deployment.json
  --mirror URL         a validator that serves proofs; may repeat  SEXTANT_MIRRORS (commas)
  --owner ADDRESS      whose rewards; may repeat with --all
  --keystore FILE      your key (web3 secret storage, version 3)   SEXTANT_KEYSTORE
  --json               one JSON object a line; amounts in base units, as text
  --help

Secrets are never arguments, because others on the machine can read those. The keystore's password is asked for, or comes
from SEXTANT_KEYSTORE_PASSWORD_FILE or SEXTANT_KEYSTORE_PASSWORD; instead of a keystore, SEXTANT_PRIVATE_KEY holds the key.

Exit codes: 0 done · 1 refused or failed · 2 the command line is wrong · 3 nothing to claim`;
