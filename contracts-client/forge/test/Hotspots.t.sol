// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HotspotRegistry} from "../../contracts/HotspotRegistry.sol";
import {Vm} from "./Vm.sol";

contract HotspotsTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes32 private constant KEY = bytes32(uint256(0x4e7));
    uint128 private constant DEPOSIT = 0.01 ether;
    uint64 private constant DELAY = 30 days;
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);
    bytes private possession = new bytes(64);

    HotspotRegistry private hotspots;

    function setUp() public {
        hotspots = new HotspotRegistry(DEPOSIT, DELAY);
        vm.deal(ALICE, 1 ether);
        vm.deal(BOB, 1 ether);
        vm.prank(ALICE);
        hotspots.register{value: DEPOSIT}(KEY, possession);
    }

    function _deposit(address owner) private view returns (uint128 deposit) {
        (deposit,,,) = hotspots.holdings(KEY, owner);
    }

    function test_registersForTheExactDepositAndAProofOfTheRightLength() public {
        require(hotspots.holds(KEY, ALICE) && _deposit(ALICE) == DEPOSIT);
        vm.prank(ALICE);
        vm.expectPartialRevert(HotspotRegistry.AlreadyHeld.selector);
        hotspots.register{value: DEPOSIT}(KEY, possession);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.WrongDeposit.selector);
        hotspots.register{value: DEPOSIT - 1}(KEY, possession);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.BadPossessionProof.selector);
        hotspots.register{value: DEPOSIT}(KEY, new bytes(63));
    }

    /// Whoever registers somebody else's key occupies nothing: validators look at the proofs.
    function test_aSquatterKeepsNobodyOut() public {
        vm.prank(BOB);
        hotspots.register{value: DEPOSIT}(bytes32(uint256(2)), possession);
        vm.prank(ALICE);
        hotspots.register{value: DEPOSIT}(bytes32(uint256(2)), possession);
        require(hotspots.holds(bytes32(uint256(2)), ALICE));
    }

    function test_aTransferTakesTwo() public {
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.NotOffered.selector);
        hotspots.acceptTransfer(KEY, ALICE);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.NotHeld.selector);
        hotspots.offerTransfer(KEY, BOB);
        vm.prank(ALICE);
        hotspots.offerTransfer(KEY, BOB);
        require(hotspots.holds(KEY, ALICE));
        vm.prank(BOB);
        hotspots.acceptTransfer(KEY, ALICE);
        require(!hotspots.holds(KEY, ALICE) && hotspots.holds(KEY, BOB));
        require(_deposit(ALICE) == 0 && _deposit(BOB) == DEPOSIT);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.NotHeld.selector);
        hotspots.acceptTransfer(KEY, ALICE);
    }

    function test_anOfferCanBeTakenBackAndNotDoubled() public {
        vm.prank(ALICE);
        hotspots.offerTransfer(KEY, BOB);
        vm.prank(ALICE);
        hotspots.offerTransfer(KEY, address(0));
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.NotOffered.selector);
        hotspots.acceptTransfer(KEY, ALICE);
        vm.prank(BOB);
        hotspots.register{value: DEPOSIT}(KEY, possession);
        vm.prank(ALICE);
        hotspots.offerTransfer(KEY, BOB);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.AlreadyHeld.selector);
        hotspots.acceptTransfer(KEY, ALICE);
    }

    function test_aFrozenHotspotStaysWhereItIs() public {
        vm.prank(ALICE);
        hotspots.offerTransfer(KEY, BOB);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.NotHeld.selector);
        hotspots.setFrozen(KEY, true);
        vm.prank(ALICE);
        hotspots.setFrozen(KEY, true);
        vm.prank(BOB);
        vm.expectPartialRevert(HotspotRegistry.IsFrozen.selector);
        hotspots.acceptTransfer(KEY, ALICE);
        vm.prank(ALICE);
        vm.expectPartialRevert(HotspotRegistry.IsFrozen.selector);
        hotspots.requestRelease(KEY);
        vm.prank(ALICE);
        hotspots.setFrozen(KEY, false);
        vm.prank(BOB);
        hotspots.acceptTransfer(KEY, ALICE);
    }

    function testFuzz_aDepositLeavesOnceAndAfterItsDelay(uint64 wait) public {
        wait %= 2 * DELAY;
        vm.prank(ALICE);
        vm.expectPartialRevert(HotspotRegistry.ReleaseNotDue.selector);
        hotspots.release(KEY, payable(BOB));
        vm.prank(ALICE);
        hotspots.requestRelease(KEY);
        vm.prank(ALICE);
        vm.expectPartialRevert(HotspotRegistry.IsReleasing.selector);
        hotspots.offerTransfer(KEY, BOB);
        vm.warp(block.timestamp + wait);
        uint256 before = BOB.balance;
        vm.prank(ALICE);
        if (wait < DELAY) vm.expectPartialRevert(HotspotRegistry.ReleaseNotDue.selector);
        hotspots.release(KEY, payable(BOB));
        require(BOB.balance == (wait < DELAY ? before : before + DEPOSIT));
        vm.prank(ALICE);
        if (wait >= DELAY) vm.expectPartialRevert(HotspotRegistry.NotHeld.selector);
        else vm.expectPartialRevert(HotspotRegistry.ReleaseNotDue.selector);
        hotspots.release(KEY, payable(BOB));
    }

    function test_payoutIsTheOwnersToChoose() public {
        vm.prank(ALICE);
        hotspots.setPayout(BOB);
        require(hotspots.payouts(ALICE) == BOB && hotspots.payouts(BOB) == address(0));
    }
}
