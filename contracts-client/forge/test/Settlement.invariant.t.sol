// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {ValidatorRegistry} from "../../contracts/ValidatorRegistry.sol";
import {Fixture} from "./Fixture.sol";

/// Everything that can happen to settlement, in any order: four owners, two validator sets, honest and late people.
contract SettlementHandler is Fixture {
    uint256 public constant OWNERS = 4;

    /// What each owner is owed at each activated epoch.
    mapping(uint64 epoch => uint256[OWNERS]) private owed;
    /// Highest activated total of each owner.
    uint256[OWNERS] public earned;
    uint256[OWNERS] public received;
    /// Sum of the caps of activated epochs.
    uint256 public capSum;
    uint256 public vetoes;
    uint256 public activations;
    uint256 public claims;
    bool public claimBlocked;
    bool public strangerSucceeded;

    RewardDistributor.Epoch private pending;
    uint256[OWNERS] private pendingOwed;
    uint32 private setId = 1;

    function supply() external view returns (uint256) {
        return token.totalSupply();
    }

    function undistributed() external view returns (uint256) {
        return token.balanceOf(address(distributor));
    }

    function headTotal() external view returns (uint256) {
        return _head().total;
    }

    function ownerAt(uint256 i) public pure returns (address) {
        return address(uint160(0xF00D + i));
    }

    function balanceAt(uint256 i) external view returns (uint256) {
        return token.balanceOf(ownerAt(i));
    }

    function claimedAt(uint256 i) external view returns (uint256) {
        return distributor.claimed(ownerAt(i));
    }

    function post(uint64[OWNERS] memory parts, uint32 skippedAttempts) external {
        RewardDistributor.Head memory h = _head();
        if (h.activatableAt != 0 || h.paused || h.nextAttempt > 1000) return;
        uint256 total = h.total;
        for (uint256 i = 0; i < OWNERS; i++) {
            uint256 part = uint256(parts[i]) * 10;
            pendingOwed[i] = earned[i] + part;
            total += part;
        }
        uint32 attempt = h.nextAttempt + (skippedAttempts % 3);
        pending = _epoch(uint64(h.nextEpoch), attempt, _root(pendingOwed), uint128(total));
        pending.setId = setId;
        _post(pending);
    }

    function veto() external {
        RewardDistributor.Head memory h = _head();
        if (h.activatableAt == 0 || block.timestamp >= h.activatableAt) return;
        vetoes++;
        vm.prank(GUARDIAN);
        distributor.veto(pending.epoch, pending.attempt);
    }

    function activate() external {
        RewardDistributor.Head memory h = _head();
        if (h.activatableAt == 0 || h.paused) return;
        if (block.timestamp < h.activatableAt) vm.warp(h.activatableAt);
        activations++;
        owed[pending.epoch] = pendingOwed;
        earned = pendingOwed;
        capSum += emission.capFor(pending.epoch);
        distributor.activate(pending);
    }

    /// From any root of the ring, by anybody, paused or not, as often as he likes.
    function claim(uint256 who, uint256 back, address caller) external {
        uint64 next = uint64(_head().nextEpoch);
        if (next == 0) return;
        uint64 ring = next < 8 ? next : 8;
        uint64 epoch = next - 1 - uint64(back % ring);
        uint256 i = who % OWNERS;
        uint256 cumulative = owed[epoch][i];
        bytes32[] memory proof = _proof(owed[epoch], i);
        claims++;
        vm.prank(caller);
        try distributor.claim(epoch, ownerAt(i), cumulative, proof) returns (uint256 paid) {
            received[i] += paid;
        } catch {
            claimBlocked = true;
        }
    }

    function pause(bool paused) external {
        vm.prank(GOVERNOR);
        distributor.setPaused(paused);
    }

    /// The same people as a new set: the old number must not post any more.
    function rotate() external {
        ValidatorRegistry.Validator[] memory validators = _validators(keys);
        vm.prank(GOVERNOR);
        registry.setValidators(validators, THRESHOLD);
        setId++;
    }

    /// Whatever a stranger without votes tries.
    function attack(RewardDistributor.Epoch memory epoch, uint256 signers, RewardDistributor.Signature[] memory noise)
        external
    {
        epoch.epoch = uint64(_head().nextEpoch);
        try distributor.postEpoch(epoch, THRESHOLD, _members(), signers, noise) {
            strangerSucceeded = true;
        } catch {}
        if (_head().activatableAt == 0) {
            try distributor.activate(epoch) {
                strangerSucceeded = true;
            } catch {}
        }
        try emission.mintFor(epoch.epoch, 1) {
            strangerSucceeded = true;
        } catch {}
    }

    function _root(uint256[OWNERS] memory amounts) private pure returns (bytes32) {
        return _pair(
            _pair(_leaf(ownerAt(0), amounts[0]), _leaf(ownerAt(1), amounts[1])),
            _pair(_leaf(ownerAt(2), amounts[2]), _leaf(ownerAt(3), amounts[3]))
        );
    }

    function _proof(uint256[OWNERS] memory amounts, uint256 i) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = _leaf(ownerAt(i ^ 1), amounts[i ^ 1]);
        uint256 far = i < 2 ? 2 : 0;
        proof[1] = _pair(_leaf(ownerAt(far), amounts[far]), _leaf(ownerAt(far + 1), amounts[far + 1]));
    }
}

contract SettlementInvariantTest {
    SettlementHandler private handler;

    function setUp() public {
        handler = new SettlementHandler();
        handler.setUp();
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = handler.post.selector;
        selectors[1] = handler.activate.selector;
        selectors[2] = handler.claim.selector;
        selectors[3] = handler.veto.selector;
        selectors[4] = handler.pause.selector;
        selectors[5] = handler.rotate.selector;
        selectors[6] = handler.attack.selector;
        // Twice, so that more epochs come through and more is claimed.
        selectors[7] = handler.activate.selector;
        selectors[8] = handler.claim.selector;
        targets[0] = FuzzSelector(address(handler), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// One campaign for all of them: each is a claim about the same histories.
    function invariant_settlement() public view {
        _nobodyIsPaidTwice();
        _supplyIsTheActivatedTotal();
        // Whoever holds a good proof of one of the last 8 roots is served at any time: paused, pending, vetoed, rotated.
        require(!handler.claimBlocked(), "a good claim was refused");
        require(!handler.strangerSucceeded(), "a stranger succeeded");
    }

    /// Nobody is paid twice, and nobody more than the highest activated total that names him.
    function _nobodyIsPaidTwice() private view {
        for (uint256 i = 0; i < handler.OWNERS(); i++) {
            require(handler.balanceAt(i) == handler.received(i), "paid and held differ");
            require(handler.balanceAt(i) == handler.claimedAt(i), "claimed and held differ");
            require(handler.balanceAt(i) <= handler.earned(i), "more than earned");
        }
    }

    /// What is paid and what waits is exactly what activated epochs added; vetoed and posted ones add nothing.
    function _supplyIsTheActivatedTotal() private view {
        uint256 paid;
        for (uint256 i = 0; i < handler.OWNERS(); i++) paid += handler.balanceAt(i);
        require(handler.supply() == handler.headTotal(), "supply is not the activated total");
        require(paid + handler.undistributed() == handler.supply(), "something is missing");
        require(handler.supply() <= handler.capSum(), "more than the schedule");
    }
}
