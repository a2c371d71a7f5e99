// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoverageToken} from "../../contracts/CoverageToken.sol";
import {EmissionController} from "../../contracts/EmissionController.sol";
import {EmissionSchedule} from "../../contracts/EmissionSchedule.sol";
import {Fixture} from "./Fixture.sol";

contract EmissionTest is Fixture {
    function test_isProRataAndHalves() public view {
        _expect(emission.capFor(0) == 1000 ether, "a 24th of the day");
        _expect(emission.capFor(730 * 24 - 1) == 1000 ether, "the last before the halving");
        _expect(emission.capFor(730 * 24) == 500 ether, "the first after it");
        _expect(emission.capFor(type(uint64).max) == 0, "and ends");
    }

    function test_bothHoldTheScheduleTheyWereGiven() public view {
        bytes32 given = keccak256(abi.encode(_schedule()));
        _expect(keccak256(abi.encode(emission.schedule())) == given, "the controller");
        _expect(keccak256(abi.encode(distributor.schedule())) == given, "the distributor");
        _expect(emission.endsAtMs(2) == (GENESIS + 3 * EPOCH) * 1000, "the end of an epoch");
    }

    function testFuzz_neverGrows(uint64 epoch) public view {
        vm.assume(epoch < type(uint64).max);
        _expect(emission.capFor(epoch + 1) <= emission.capFor(epoch), "falls");
        _expect(distributor.capFor(epoch) == emission.capFor(epoch), "the distributor knows the same");
    }

    function test_mintsOnlyForTheDistributorOnceAndUpToTheCap() public {
        vm.expectPartialRevert(EmissionController.NotDistributor.selector);
        emission.mintFor(0, 1);
        vm.prank(address(distributor));
        vm.expectPartialRevert(EmissionController.AboveCap.selector);
        emission.mintFor(0, 1000 ether + 1);
        vm.prank(address(distributor));
        emission.mintFor(0, 1);
        vm.prank(address(distributor));
        vm.expectPartialRevert(EmissionController.EpochAlreadyMinted.selector);
        emission.mintFor(0, 1);
    }

    function test_nobodyElseMints() public {
        vm.expectPartialRevert(CoverageToken.NotMinter.selector);
        token.mint(address(this), 1);
    }

    function test_anEmptyScheduleIsRefused() public {
        EmissionSchedule.Schedule memory bad = _schedule();
        bad.epochMs = 0;
        vm.expectPartialRevert(EmissionSchedule.EmptySchedule.selector);
        new EmissionController(token, address(this), bad);
        bad = _schedule();
        bad.halvingDays = 0;
        vm.expectPartialRevert(EmissionSchedule.EmptySchedule.selector);
        new EmissionController(token, address(this), bad);
    }
}
