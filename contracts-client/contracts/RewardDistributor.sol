// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {CoverageToken} from "./CoverageToken.sol";
import {EmissionController} from "./EmissionController.sol";
import {EmissionSchedule} from "./EmissionSchedule.sol";
import {ValidatorRegistry} from "./ValidatorRegistry.sol";

/// @notice Pays what validators agreed on. M of N sign an epoch's cumulative owner tree; anyone posts it; a guardian may veto
/// it for a while, and nothing else; then anyone activates it, which mints what the epoch adds; then anyone claims for any
/// owner. Not upgradeable, and nobody can stop a claim: no claim path reads a switch.
contract RewardDistributor is EIP712, EmissionSchedule {
    /// How many activated roots stay claimable.
    uint256 public constant RING_SIZE = 8;
    uint256 private constant ACCOUNT_BYTES = 20;
    bytes32 private constant EPOCH_TYPEHASH = keccak256(
        "Epoch(uint64 epoch,uint32 attempt,uint32 setId,bytes32 prevRoot,bytes32 summaryHash,bytes32 root,uint128 total)"
    );

    struct Epoch {
        uint64 epoch;
        uint32 attempt;
        uint32 setId;
        /// Root of the epoch before; zero for epoch 0.
        bytes32 prevRoot;
        /// SHA-256 of the RFC 8785 epoch summary.
        bytes32 summaryHash;
        /// OpenZeppelin standard tree over (address owner, uint256 cumulative).
        bytes32 root;
        /// Base units since epoch 0, this epoch included.
        uint128 total;
    }

    /// EIP-2098: `vs` is s with the parity of y in its highest bit.
    struct Signature {
        bytes32 r;
        bytes32 vs;
    }

    struct Claim {
        address account;
        uint256 cumulative;
        bytes32[] proof;
    }

    /// One storage slot.
    struct Head {
        /// Total of the last activated epoch.
        uint128 total;
        uint48 nextEpoch;
        /// The lowest attempt at `nextEpoch` that may be posted.
        uint32 nextAttempt;
        /// Unix seconds from which the posted epoch can be activated; 0 while none is posted.
        uint40 activatableAt;
        bool paused;
    }

    CoverageToken public immutable token;
    EmissionController public immutable emission;
    ValidatorRegistry public immutable registry;
    address public immutable governor;
    uint256 public immutable vetoSeconds;

    address public guardian;
    Head public head;
    /// EIP-712 struct hash of the posted epoch.
    bytes32 public pendingHash;
    /// Root of epoch e at e % 8.
    bytes32[RING_SIZE] public ring;
    /// Base units paid to an account since the beginning.
    mapping(address account => uint256) public claimed;

    error WronglyWired(address part);
    error VetoWindowTooLong(uint256 vetoSeconds, uint256 epochMs);
    error NotGovernor(address caller);
    error NotGuardian(address caller);
    error Paused();
    error AlreadyPosted(uint64 epoch);
    error NothingPosted();
    error WrongEpoch(uint64 epoch, uint64 expected);
    error AttemptSpent(uint32 attempt, uint32 next);
    error EpochNotOver(uint64 epoch, uint256 endMs);
    error WrongPrevRoot(bytes32 prevRoot, bytes32 expected);
    error TotalBelowPrevious(uint256 total, uint256 previous);
    error AboveCap(uint256 added, uint256 cap);
    error ForeignSet(uint32 setId, bytes32 setHash, bytes32 expected);
    error TooFewSignatures(uint256 signatures, uint256 threshold);
    error BadSignatureCount(uint256 signatures, uint256 signers);
    error UnknownSigner(uint256 bitmap);
    error BadSignature(uint256 index, address expected);
    error TooEarly(uint256 activatableAt);
    error TooLate(uint256 activatableAt);
    error NotThePosted(bytes32 epochHash, bytes32 pendingHash);
    error BadProof(uint64 epoch, address account, uint256 cumulative);
    error NotADoubleVote();

    event EpochPosted(uint64 indexed epoch, uint32 indexed attempt, Epoch posted, uint256 signers, uint256 activatableAt);
    event EpochVetoed(uint64 indexed epoch, uint32 indexed attempt);
    event EpochActivated(uint64 indexed epoch, bytes32 root, bytes32 summaryHash, uint256 total, uint256 minted);
    event Claimed(address indexed account, uint256 paid, uint256 cumulative);
    event DoubleVote(address indexed validator, uint64 indexed epoch, uint32 attempt);
    event PausedChanged(bool paused);
    event GuardianChanged(address guardian);

    constructor(
        CoverageToken token_,
        EmissionController emission_,
        ValidatorRegistry registry_,
        address governor_,
        address guardian_,
        uint256 vetoSeconds_
    ) EIP712("Sextant RewardDistributor", "1") EmissionSchedule(emission_.schedule()) {
        if (token_.minter() != address(emission_)) revert WronglyWired(address(token_));
        if (emission_.distributor() != address(this) || address(emission_.token()) != address(token_)) {
            revert WronglyWired(address(emission_));
        }
        if (registry_.slasher() != address(this)) revert WronglyWired(address(registry_));
        token = token_;
        emission = emission_;
        registry = registry_;
        governor = governor_;
        guardian = guardian_;
        vetoSeconds = vetoSeconds_;
        if (vetoSeconds_ * 1000 >= epochMs) revert VetoWindowTooLong(vetoSeconds_, epochMs);
    }

    /// @notice Posts a signed epoch. Whoever pays for the transaction does not matter.
    /// @param members The accounts of the current validator set, 20 bytes each, ascending.
    /// @param signers Bit i is set when member i signed.
    /// @param signatures In the order of the bits.
    function postEpoch(
        Epoch calldata posted,
        uint8 threshold,
        bytes calldata members,
        uint256 signers,
        Signature[] calldata signatures
    ) external {
        Head memory h = head;
        if (h.paused) revert Paused();
        if (h.activatableAt != 0) revert AlreadyPosted(h.nextEpoch);
        if (posted.epoch != h.nextEpoch) revert WrongEpoch(posted.epoch, h.nextEpoch);
        // The highest attempt is never accepted, so that there is always one left after a veto.
        if (posted.attempt < h.nextAttempt || posted.attempt == type(uint32).max) {
            revert AttemptSpent(posted.attempt, h.nextAttempt);
        }
        _requireInOrder(posted, h.total);
        bytes32 setHash = keccak256(abi.encodePacked(posted.setId, threshold, members));
        bytes32 expected = registry.currentSetHash();
        if (setHash != expected) revert ForeignSet(posted.setId, setHash, expected);
        bytes32 epochHash = _hash(posted);
        _requireQuorum(_hashTypedDataV4(epochHash), threshold, members, signers, signatures);
        h.nextAttempt = posted.attempt + 1;
        h.activatableAt = uint40(block.timestamp + vetoSeconds);
        head = h;
        pendingHash = epochHash;
        emit EpochPosted(posted.epoch, posted.attempt, posted, signers, h.activatableAt);
    }

    /// @notice Throws a posted epoch away, before it can be activated. It mints nothing; a higher attempt may be posted.
    function veto(uint64 epoch, uint32 attempt) external {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        Head memory h = head;
        if (h.activatableAt == 0) revert NothingPosted();
        if (epoch != h.nextEpoch) revert WrongEpoch(epoch, h.nextEpoch);
        if (uint256(attempt) + 1 != h.nextAttempt) revert AttemptSpent(attempt, h.nextAttempt);
        if (block.timestamp >= h.activatableAt) revert TooLate(h.activatableAt);
        head.activatableAt = 0;
        emit EpochVetoed(epoch, attempt);
    }

    /// @notice Makes a posted epoch claimable and mints what it adds. Anyone may, once the veto window is over.
    function activate(Epoch calldata posted) external {
        Head memory h = head;
        if (h.paused) revert Paused();
        if (h.activatableAt == 0) revert NothingPosted();
        if (block.timestamp < h.activatableAt) revert TooEarly(h.activatableAt);
        bytes32 epochHash = _hash(posted);
        if (epochHash != pendingHash) revert NotThePosted(epochHash, pendingHash);
        uint256 added = posted.total - h.total;
        head = Head({
            total: posted.total,
            nextEpoch: h.nextEpoch + 1,
            nextAttempt: 0,
            activatableAt: 0,
            paused: false
        });
        ring[posted.epoch % RING_SIZE] = posted.root;
        emit EpochActivated(posted.epoch, posted.root, posted.summaryHash, posted.total, added);
        emission.mintFor(posted.epoch, added);
    }

    /// @notice Pays an account what it has not been paid yet: nothing when it has it all. Anyone may call; only the account is
    /// paid.
    /// @param epoch Any of the last 8 activated epochs whose root the proof leads to.
    function claim(uint64 epoch, address account, uint256 cumulative, bytes32[] calldata proof)
        external
        returns (uint256 paid)
    {
        return _claim(ring[epoch % RING_SIZE], epoch, account, cumulative, proof);
    }

    /// @notice `claim` for many accounts at once.
    function claimMany(uint64 epoch, Claim[] calldata claims) external returns (uint256 paid) {
        bytes32 root = ring[epoch % RING_SIZE];
        for (uint256 i = 0; i < claims.length; i++) {
            Claim calldata one = claims[i];
            paid += _claim(root, epoch, one.account, one.cumulative, one.proof);
        }
    }

    /// @notice Takes the bond of a validator that signed two different epochs for one (epoch, attempt).
    function slashDoubleVote(
        Epoch calldata a,
        Signature calldata signatureA,
        Epoch calldata b,
        Signature calldata signatureB
    ) external {
        bytes32 hashA = _hash(a);
        bytes32 hashB = _hash(b);
        address signer = _recover(_hashTypedDataV4(hashA), signatureA);
        if (
            hashA == hashB || a.epoch != b.epoch || a.attempt != b.attempt || signer == address(0)
                || signer != _recover(_hashTypedDataV4(hashB), signatureB)
        ) revert NotADoubleVote();
        emit DoubleVote(signer, a.epoch, a.attempt);
        registry.slash(signer, payable(msg.sender));
    }

    /// @notice Stops posting and activation, for a planned end or move. Claims go on.
    function setPaused(bool paused) external {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        head.paused = paused;
        emit PausedChanged(paused);
    }

    function setGuardian(address guardian_) external {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    /// @return The EIP-712 digest validators sign.
    function digestOf(Epoch calldata epoch) external view returns (bytes32) {
        return _hashTypedDataV4(_hash(epoch));
    }

    function _requireInOrder(Epoch calldata posted, uint256 previousTotal) private view {
        uint256 endMs = endsAtMs(posted.epoch);
        if (block.timestamp * 1000 < endMs) revert EpochNotOver(posted.epoch, endMs);
        // Before epoch 0 this slot is zero, as the previous root of epoch 0 has to be.
        bytes32 prevRoot = ring[(uint256(posted.epoch) + RING_SIZE - 1) % RING_SIZE];
        if (posted.prevRoot != prevRoot) revert WrongPrevRoot(posted.prevRoot, prevRoot);
        if (posted.total < previousTotal) revert TotalBelowPrevious(posted.total, previousTotal);
        uint256 cap = capFor(posted.epoch);
        if (posted.total - previousTotal > cap) revert AboveCap(posted.total - previousTotal, cap);
    }

    function _requireQuorum(
        bytes32 digest,
        uint256 threshold,
        bytes calldata members,
        uint256 signers,
        Signature[] calldata signatures
    ) private pure {
        uint256 count = members.length / ACCOUNT_BYTES;
        if (signers >> count != 0) revert UnknownSigner(signers);
        uint256 used = 0;
        for (uint256 i = 0; i < count; i++) {
            if ((signers >> i) & 1 == 0) continue;
            if (used == signatures.length) revert BadSignatureCount(signatures.length, used + 1);
            address member = address(bytes20(members[i * ACCOUNT_BYTES:]));
            if (_recover(digest, signatures[used]) != member) revert BadSignature(i, member);
            used++;
        }
        if (used != signatures.length) revert BadSignatureCount(signatures.length, used);
        if (used < threshold) revert TooFewSignatures(used, threshold);
    }

    /// The zero address for anything that is not a valid signature with a low s.
    function _recover(bytes32 digest, Signature calldata signature) private pure returns (address signer) {
        (signer,,) = ECDSA.tryRecover(digest, signature.r, signature.vs);
    }

    function _claim(bytes32 root, uint64 epoch, address account, uint256 cumulative, bytes32[] calldata proof)
        private
        returns (uint256 paid)
    {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert BadProof(epoch, account, cumulative);
        uint256 before = claimed[account];
        if (cumulative <= before) return 0;
        paid = cumulative - before;
        claimed[account] = cumulative;
        emit Claimed(account, paid, cumulative);
        // Ours: it reverts when it cannot pay, and calls nobody.
        token.transfer(account, paid);
    }

    function _hash(Epoch calldata epoch) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                EPOCH_TYPEHASH,
                epoch.epoch,
                epoch.attempt,
                epoch.setId,
                epoch.prevRoot,
                epoch.summaryHash,
                epoch.root,
                epoch.total
            )
        );
    }
}
