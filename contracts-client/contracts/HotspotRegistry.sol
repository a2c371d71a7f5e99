// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Who owns which hotspot, and what he left as a deposit. Nobody administers it.
///
/// The EVM cannot check an ed25519 signature cheaply, so a registration only carries the hotspot's proof of possession, and
/// everything is kept per (key, owner): whoever registers a key that is not his occupies nothing. Validators read the events
/// up to the epoch's reference block; the first registration of a key with a good proof makes its owner, and from there on
/// the transfers do.
contract HotspotRegistry {
    using Address for address payable;

    /// An ed25519 signature.
    uint256 public constant POSSESSION_BYTES = 64;

    struct Holding {
        /// Wei of the chain's native coin.
        uint128 deposit;
        /// Unix seconds from which the deposit may leave; 0 while it stays.
        uint64 releasableAt;
        bool frozen;
        address offeredTo;
    }

    uint128 public immutable requiredDeposit;
    uint64 public immutable releaseDelaySeconds;

    mapping(bytes32 key => mapping(address owner => bool)) public holds;
    mapping(bytes32 key => mapping(address owner => Holding)) public holdings;
    /// Where an owner's rewards go; the owner himself while zero.
    mapping(address owner => address) public payouts;

    error WrongDeposit(uint256 sent, uint256 required);
    error BadPossessionProof(uint256 length);
    error AlreadyHeld(bytes32 key, address owner);
    error NotHeld(bytes32 key, address owner);
    error IsFrozen(bytes32 key, address owner);
    error IsReleasing(bytes32 key, address owner);
    error NotOffered(bytes32 key, address owner, address to);
    error ReleaseNotDue(bytes32 key, uint256 releasableAt);

    event HotspotRegistered(bytes32 indexed key, address indexed owner, uint256 deposit, bytes possession);
    event TransferOffered(bytes32 indexed key, address indexed owner, address indexed to);
    event HotspotTransferred(bytes32 indexed key, address indexed from, address indexed to);
    event HotspotFrozen(bytes32 indexed key, address indexed owner, bool frozen);
    event ReleaseRequested(bytes32 indexed key, address indexed owner, uint256 releasableAt);
    event HotspotReleased(bytes32 indexed key, address indexed owner, uint256 deposit);
    event PayoutChanged(address indexed owner, address payout);

    constructor(uint128 requiredDeposit_, uint64 releaseDelaySeconds_) {
        requiredDeposit = requiredDeposit_;
        releaseDelaySeconds = releaseDelaySeconds_;
    }

    /// @param possession The hotspot key's signature over this chain, this contract, the key and the caller.
    function register(bytes32 key, bytes calldata possession) external payable {
        if (msg.value != requiredDeposit) revert WrongDeposit(msg.value, requiredDeposit);
        if (possession.length != POSSESSION_BYTES) revert BadPossessionProof(possession.length);
        if (holds[key][msg.sender]) revert AlreadyHeld(key, msg.sender);
        holds[key][msg.sender] = true;
        holdings[key][msg.sender].deposit = requiredDeposit;
        emit HotspotRegistered(key, msg.sender, requiredDeposit, possession);
    }

    /// @notice First step of a transfer; the zero address takes an offer back. Nothing changes until it is accepted.
    function offerTransfer(bytes32 key, address to) external {
        Holding storage holding = _movable(key, msg.sender);
        holding.offeredTo = to;
        emit TransferOffered(key, msg.sender, to);
    }

    /// @notice Second step, by the new owner. The deposit goes along.
    function acceptTransfer(bytes32 key, address from) external {
        Holding storage holding = _movable(key, from);
        if (holding.offeredTo != msg.sender) revert NotOffered(key, from, msg.sender);
        if (holds[key][msg.sender]) revert AlreadyHeld(key, msg.sender);
        uint128 deposit = holding.deposit;
        delete holds[key][from];
        delete holdings[key][from];
        holds[key][msg.sender] = true;
        holdings[key][msg.sender].deposit = deposit;
        emit HotspotTransferred(key, from, msg.sender);
    }

    /// @notice For a stolen hotspot: a frozen one earns nothing, and cannot be transferred or released.
    function setFrozen(bytes32 key, bool frozen) external {
        _held(key, msg.sender).frozen = frozen;
        emit HotspotFrozen(key, msg.sender, frozen);
    }

    /// @notice Gives the hotspot up. The deposit stays for the delay, so that what the last epochs find still counts.
    function requestRelease(bytes32 key) external {
        Holding storage holding = _movable(key, msg.sender);
        holding.offeredTo = address(0);
        holding.releasableAt = uint64(block.timestamp) + releaseDelaySeconds;
        emit ReleaseRequested(key, msg.sender, holding.releasableAt);
    }

    function release(bytes32 key, address payable to) external {
        Holding storage holding = _held(key, msg.sender);
        uint256 due = holding.releasableAt;
        if (due == 0 || block.timestamp < due) revert ReleaseNotDue(key, due);
        uint256 deposit = holding.deposit;
        delete holds[key][msg.sender];
        delete holdings[key][msg.sender];
        emit HotspotReleased(key, msg.sender, deposit);
        to.sendValue(deposit);
    }

    function setPayout(address payout) external {
        payouts[msg.sender] = payout;
        emit PayoutChanged(msg.sender, payout);
    }

    function _held(bytes32 key, address owner) private view returns (Holding storage) {
        if (!holds[key][owner]) revert NotHeld(key, owner);
        return holdings[key][owner];
    }

    function _movable(bytes32 key, address owner) private view returns (Holding storage holding) {
        holding = _held(key, owner);
        if (holding.frozen) revert IsFrozen(key, owner);
        if (holding.releasableAt != 0) revert IsReleasing(key, owner);
    }
}
