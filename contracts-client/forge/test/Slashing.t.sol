// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {ValidatorRegistry} from "../../contracts/ValidatorRegistry.sol";
import {Fixture} from "./Fixture.sol";

/// Two signatures for one (epoch, attempt) cost the bond; nothing else does.
contract SlashingTest is Fixture {
    address payable private constant REPORTER = payable(address(0x7e50));

    RewardDistributor.Epoch private a;
    RewardDistributor.Epoch private b;

    function setUp() public override {
        super.setUp();
        a = _epoch(4, 2, bytes32(uint256(1)), 10 ether);
        b = _epoch(4, 2, bytes32(uint256(2)), 10 ether);
    }

    function _report(uint256 keyA, uint256 keyB, bytes4 code) private {
        RewardDistributor.Signature memory one = _signature(keyA, a);
        RewardDistributor.Signature memory two = _signature(keyB, b);
        if (code != bytes4(0)) vm.expectPartialRevert(code);
        vm.prank(REPORTER);
        distributor.slashDoubleVote(a, one, b, two);
    }

    function test_twoVotesCostTheBondOnce() public {
        address validator = vm.addr(keys[3]);
        _report(keys[3], keys[3], bytes4(0));
        _expect(registry.bonds(validator) == 0, "the bond is gone");
        _expect(REPORTER.balance == MIN_BOND / 10, "a tenth to the reporter");
        _expect(registry.BURN_ADDRESS().balance == MIN_BOND - MIN_BOND / 10, "the rest to nobody");
        _report(keys[3], keys[3], ValidatorRegistry.NoBond.selector);
    }

    function test_votesOfTwoValidatorsConvictNobody() public {
        _report(keys[0], keys[1], RewardDistributor.NotADoubleVote.selector);
    }

    function test_oneVoteTwiceConvictsNobody() public {
        b = a;
        _report(keys[0], keys[0], RewardDistributor.NotADoubleVote.selector);
    }

    function test_votesForOtherEpochsOrAttemptsConvictNobody() public {
        b.epoch = 5;
        _report(keys[0], keys[0], RewardDistributor.NotADoubleVote.selector);
        b.epoch = 4;
        b.attempt = 3;
        _report(keys[0], keys[0], RewardDistributor.NotADoubleVote.selector);
    }

    function testFuzz_brokenSignaturesConvictNobody(bytes32 r, bytes32 vs) public {
        RewardDistributor.Signature memory noise = RewardDistributor.Signature(r, vs);
        RewardDistributor.Signature memory good = _signature(keys[0], b);
        vm.expectRevert();
        distributor.slashDoubleVote(a, noise, b, good);
        vm.expectPartialRevert(RewardDistributor.NotADoubleVote.selector);
        distributor.slashDoubleVote(a, RewardDistributor.Signature(0, 0), b, RewardDistributor.Signature(0, 0));
    }

    function test_onlyTheDistributorSlashes() public {
        address validator = vm.addr(keys[0]);
        vm.expectPartialRevert(ValidatorRegistry.NotSlasher.selector);
        registry.slash(validator, REPORTER);
    }

    function test_aBondCannotLeaveBeforeItsDelayAndStillBurnsInIt() public {
        address validator = vm.addr(keys[0]);
        uint256[] memory rest = new uint256[](6);
        for (uint256 i = 0; i < 6; i++) rest[i] = keys[i + 1];
        ValidatorRegistry.Validator[] memory validators = _validators(rest);
        vm.prank(validator);
        vm.expectPartialRevert(ValidatorRegistry.InCurrentSet.selector);
        registry.requestExit();
        vm.prank(GOVERNOR);
        registry.setValidators(validators, THRESHOLD);
        vm.prank(validator);
        registry.requestExit();
        vm.warp(block.timestamp + EXIT_DELAY - 1);
        vm.prank(validator);
        vm.expectPartialRevert(ValidatorRegistry.ExitNotDue.selector);
        registry.withdrawBond(REPORTER);
        _report(keys[0], keys[0], bytes4(0));
        _expect(registry.bonds(validator) == 0, "slashed on the way out");
    }
}
