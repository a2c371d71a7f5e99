// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ValidatorRegistry} from "../../contracts/ValidatorRegistry.sol";
import {Fixture} from "./Fixture.sol";

contract RegistryTest is Fixture {
    address payable private constant SAFE = payable(address(0x5afe));

    function _change(ValidatorRegistry.Validator[] memory validators, uint8 threshold, bytes4 code) private {
        if (code != bytes4(0)) vm.expectPartialRevert(code);
        vm.prank(GOVERNOR);
        registry.setValidators(validators, threshold);
    }

    function test_publishesTheHashAPostHasToBring() public view {
        bytes32 expected = keccak256(abi.encodePacked(uint32(1), THRESHOLD, _members()));
        _expect(registry.currentSetHash() == expected && registry.setHashes(1) == expected, "set hash");
        _expect(registry.memberOfSet(vm.addr(keys[6])) == 1 && registry.currentSetId() == 1, "set 1");
    }

    function test_onlyTheGovernorChangesTheSet() public {
        ValidatorRegistry.Validator[] memory validators = _validators(keys);
        vm.expectPartialRevert(ValidatorRegistry.NotGovernor.selector);
        registry.setValidators(validators, THRESHOLD);
        _change(validators, 6, bytes4(0));
        _expect(registry.currentSetId() == 2 && registry.setHashes(1) != registry.setHashes(2), "set 2");
    }

    /// More than two thirds, and not more than there are.
    function testFuzz_threshold(uint8 threshold) public {
        bool good = threshold >= 5 && threshold <= 7;
        _change(_validators(keys), threshold, good ? bytes4(0) : ValidatorRegistry.BadThreshold.selector);
    }

    function test_refusesABadSet() public {
        ValidatorRegistry.Validator[] memory validators = _validators(keys);
        _change(new ValidatorRegistry.Validator[](0), 0, ValidatorRegistry.BadValidatorCount.selector);
        _change(new ValidatorRegistry.Validator[](65), 60, ValidatorRegistry.BadValidatorCount.selector);
        (validators[0], validators[1]) = (validators[1], validators[0]);
        _change(validators, THRESHOLD, ValidatorRegistry.NotAscending.selector);
        validators[0] = validators[1];
        _change(validators, THRESHOLD, ValidatorRegistry.NotAscending.selector);
        validators = _validators(keys);
        validators[0].account = address(0);
        _change(validators, THRESHOLD, ValidatorRegistry.NotAscending.selector);
        validators = _validators(keys);
        validators[2].mirrorKey = validators[2].logKey;
        _change(validators, THRESHOLD, ValidatorRegistry.KeyUsedTwice.selector);
        _change(_validators(_sortedKeys(7000, 1)), 1, ValidatorRegistry.BondTooLow.selector);
    }

    function test_theFirstSetIsBondedByTheDeployer() public {
        vm.expectPartialRevert(ValidatorRegistry.WrongBond.selector);
        new ValidatorRegistry{value: 1}(GOVERNOR, SAFE, MIN_BOND, EXIT_DELAY, _validators(keys), THRESHOLD);
    }

    function test_leavingAndComingBack() public {
        uint256[] memory one = _sortedKeys(1000, 1);
        address leaver = vm.addr(keys[0]) == vm.addr(one[0]) ? vm.addr(keys[1]) : vm.addr(keys[0]);
        vm.prank(SAFE);
        vm.expectPartialRevert(ValidatorRegistry.NoBond.selector);
        registry.requestExit();
        _change(_validators(one), 1, bytes4(0));
        vm.prank(leaver);
        registry.requestExit();
        _change(_validators(keys), THRESHOLD, ValidatorRegistry.Exiting.selector);
        vm.deal(leaver, 1 ether);
        vm.prank(leaver);
        registry.bond{value: 1 ether}();
        _expect(registry.exitAt(leaver) == 0 && registry.bonds(leaver) == 2 ether, "back");
        vm.prank(leaver);
        vm.expectPartialRevert(ValidatorRegistry.ExitNotDue.selector);
        registry.withdrawBond(SAFE);
        vm.prank(leaver);
        registry.requestExit();
        vm.warp(block.timestamp + EXIT_DELAY);
        vm.prank(leaver);
        registry.withdrawBond(SAFE);
        _expect(SAFE.balance == 2 ether && registry.bonds(leaver) == 0, "the whole bond, once");
        vm.prank(leaver);
        vm.expectPartialRevert(ValidatorRegistry.ExitNotDue.selector);
        registry.withdrawBond(SAFE);
    }
}
