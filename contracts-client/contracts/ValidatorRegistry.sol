// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Who may sign epochs, with which keys, and what they lose when they sign two. Sets are numbered; each replaces the
/// one before at once. The governor is a timelock, so that a change is public before it counts.
contract ValidatorRegistry {
    using Address for address payable;

    /// One bit a validator in a post; also bounds the work of a change.
    uint256 public constant MAX_VALIDATORS = 64;
    /// Of a slashed bond, what the reporter gets; the rest is out of reach of anybody, so that nobody slashes himself for free.
    uint256 public constant REPORTER_SHARE_PERCENT = 10;
    address payable public constant BURN_ADDRESS = payable(0x000000000000000000000000000000000000dEaD);

    struct Validator {
        /// Signs epochs (secp256k1) and owns the bond.
        address account;
        /// ed25519: signs the checkpoints of its log.
        bytes32 logKey;
        /// ed25519: signs mirror statements and nothing else.
        bytes32 mirrorKey;
        /// Last link of its hash chain: the source of its part of each round's entropy.
        bytes32 chainAnchor;
    }

    address public immutable governor;
    address public immutable slasher;
    /// Wei of the chain's native coin.
    uint256 public immutable minBond;
    uint256 public immutable exitDelaySeconds;

    uint32 public currentSetId;
    /// keccak256 of setId (4 bytes), threshold (1 byte) and the accounts (20 bytes each), ascending: what a post must bring.
    bytes32 public currentSetHash;
    mapping(uint32 setId => bytes32) public setHashes;
    /// The last set an account belonged to; 0 for none.
    mapping(address account => uint32) public memberOfSet;
    mapping(address account => uint256) public bonds;
    /// Unix seconds from which a bond may leave; 0 while no exit was requested.
    mapping(address account => uint256) public exitAt;

    error NotGovernor(address caller);
    error NotSlasher(address caller);
    error BadValidatorCount(uint256 count);
    error BadThreshold(uint256 threshold, uint256 count);
    error NotAscending(address account);
    error KeyUsedTwice(address account);
    error BondTooLow(address account, uint256 bond, uint256 minBond);
    error Exiting(address account);
    error WrongBond(uint256 sent, uint256 expected);
    error NoBond(address account);
    error InCurrentSet(address account);
    error ExitNotDue(address account, uint256 exitAt);

    event ValidatorSetChanged(uint32 indexed setId, bytes32 setHash, uint8 threshold, Validator[] validators);
    event Bonded(address indexed account, uint256 added, uint256 bond);
    event ExitRequested(address indexed account, uint256 exitAt);
    event BondWithdrawn(address indexed account, address to, uint256 amount);
    event Slashed(address indexed account, address indexed reporter, uint256 bond, uint256 reward);

    /// The deployer pays the bonds of the first set, so that there is never an unbonded one.
    constructor(
        address governor_,
        address slasher_,
        uint256 minBond_,
        uint256 exitDelaySeconds_,
        Validator[] memory validators,
        uint8 threshold
    ) payable {
        governor = governor_;
        slasher = slasher_;
        minBond = minBond_;
        exitDelaySeconds = exitDelaySeconds_;
        uint256 expected = minBond_ * validators.length;
        if (msg.value != expected) revert WrongBond(msg.value, expected);
        for (uint256 i = 0; i < validators.length; i++) {
            bonds[validators[i].account] = minBond_;
            emit Bonded(validators[i].account, minBond_, minBond_);
        }
        _install(validators, threshold);
    }

    /// @notice Replaces the set. A root that was posted before stays pending; signatures of the old set post nothing more.
    function setValidators(Validator[] memory validators, uint8 threshold) external {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        _install(validators, threshold);
    }

    /// @notice Adds to the caller's bond, and takes back a requested exit.
    function bond() external payable {
        bonds[msg.sender] += msg.value;
        exitAt[msg.sender] = 0;
        emit Bonded(msg.sender, msg.value, bonds[msg.sender]);
    }

    /// @notice Starts the wait after which the bond may leave. Only for accounts that are not in the current set.
    function requestExit() external {
        if (bonds[msg.sender] == 0) revert NoBond(msg.sender);
        if (memberOfSet[msg.sender] == currentSetId) revert InCurrentSet(msg.sender);
        exitAt[msg.sender] = block.timestamp + exitDelaySeconds;
        emit ExitRequested(msg.sender, exitAt[msg.sender]);
    }

    function withdrawBond(address payable to) external {
        uint256 due = exitAt[msg.sender];
        if (due == 0 || block.timestamp < due) revert ExitNotDue(msg.sender, due);
        uint256 amount = bonds[msg.sender];
        bonds[msg.sender] = 0;
        exitAt[msg.sender] = 0;
        emit BondWithdrawn(msg.sender, to, amount);
        to.sendValue(amount);
    }

    /// @notice Takes the whole bond of a validator that the distributor has convicted.
    function slash(address account, address payable reporter) external {
        if (msg.sender != slasher) revert NotSlasher(msg.sender);
        uint256 amount = bonds[account];
        if (amount == 0) revert NoBond(account);
        bonds[account] = 0;
        uint256 reward = (amount * REPORTER_SHARE_PERCENT) / 100;
        emit Slashed(account, reporter, amount, reward);
        BURN_ADDRESS.sendValue(amount - reward);
        reporter.sendValue(reward);
    }

    function _install(Validator[] memory validators, uint8 threshold) private {
        uint256 count = validators.length;
        if (count == 0 || count > MAX_VALIDATORS) revert BadValidatorCount(count);
        if (uint256(threshold) * 3 <= count * 2 || threshold > count) revert BadThreshold(threshold, count);
        uint32 setId = ++currentSetId;
        bytes memory accounts;
        address previous = address(0);
        for (uint256 i = 0; i < count; i++) {
            Validator memory validator = validators[i];
            address account = validator.account;
            if (account <= previous) revert NotAscending(account);
            if (validator.logKey == validator.mirrorKey) revert KeyUsedTwice(account);
            if (bonds[account] < minBond) revert BondTooLow(account, bonds[account], minBond);
            if (exitAt[account] != 0) revert Exiting(account);
            previous = account;
            memberOfSet[account] = setId;
            accounts = bytes.concat(accounts, bytes20(account));
        }
        bytes32 setHash = keccak256(abi.encodePacked(setId, threshold, accounts));
        currentSetHash = setHash;
        setHashes[setId] = setHash;
        emit ValidatorSetChanged(setId, setHash, threshold, validators);
    }
}
