// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoverageToken} from "../../contracts/CoverageToken.sol";
import {EmissionController} from "../../contracts/EmissionController.sol";
import {EmissionSchedule} from "../../contracts/EmissionSchedule.sol";
import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {ValidatorRegistry} from "../../contracts/ValidatorRegistry.sol";
import {Vm} from "./Vm.sol";

/// A deployment with seven validators, of which five have to sign, and an hour's epochs.
abstract contract Fixture {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant GENESIS = 1_800_000_000;
    uint256 internal constant EPOCH = 3600;
    uint256 internal constant VETO = 1800;
    uint256 internal constant MIN_BOND = 1 ether;
    uint256 internal constant EXIT_DELAY = 1 days;
    uint8 internal constant THRESHOLD = 5;
    uint256 internal constant VALIDATORS = 7;

    address internal constant GOVERNOR = address(0x60);
    address internal constant GUARDIAN = address(0x61);

    CoverageToken internal token;
    EmissionController internal emission;
    ValidatorRegistry internal registry;
    RewardDistributor internal distributor;
    /// Private keys, by ascending address.
    uint256[] internal keys;

    error Expectation(string what);

    function setUp() public virtual {
        vm.warp(GENESIS);
        keys = _sortedKeys(1000, VALIDATORS);
        _deploy();
    }

    function _deploy() internal {
        uint256 nonce = vm.getNonce(address(this));
        address emissionAt = vm.computeCreateAddress(address(this), nonce + 2);
        address distributorAt = vm.computeCreateAddress(address(this), nonce + 3);
        vm.deal(address(this), 1000 ether);
        registry = new ValidatorRegistry{value: MIN_BOND * keys.length}(
            GOVERNOR, distributorAt, MIN_BOND, EXIT_DELAY, _validators(keys), THRESHOLD
        );
        token = new CoverageToken("Sextant Coverage", "SXT", emissionAt);
        emission = new EmissionController(token, distributorAt, _schedule());
        distributor = new RewardDistributor(token, emission, registry, GOVERNOR, GUARDIAN, VETO);
    }

    function _schedule() internal pure returns (EmissionSchedule.Schedule memory) {
        return EmissionSchedule.Schedule(uint64(GENESIS * 1000), uint64(EPOCH * 1000), 24_000 ether, 730);
    }

    function _sortedKeys(uint256 from, uint256 count) internal pure returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 key = from + i;
            uint256 at = i;
            for (; at > 0 && vm.addr(list[at - 1]) > vm.addr(key); at--) list[at] = list[at - 1];
            list[at] = key;
        }
    }

    function _validators(uint256[] memory list) internal pure returns (ValidatorRegistry.Validator[] memory made) {
        made = new ValidatorRegistry.Validator[](list.length);
        for (uint256 i = 0; i < list.length; i++) {
            made[i] = ValidatorRegistry.Validator(vm.addr(list[i]), bytes32(list[i]), ~bytes32(list[i]), bytes32(i));
        }
    }

    function _members(uint256[] memory list) internal pure returns (bytes memory members) {
        for (uint256 i = 0; i < list.length; i++) members = bytes.concat(members, bytes20(vm.addr(list[i])));
    }

    function _members() internal view returns (bytes memory) {
        return _members(keys);
    }

    /// The first `count` validators of a set sign.
    function _sign(uint256[] memory list, RewardDistributor.Epoch memory epoch, uint256 count)
        internal
        view
        returns (uint256 signers, RewardDistributor.Signature[] memory signatures)
    {
        signatures = new RewardDistributor.Signature[](count);
        for (uint256 i = 0; i < count; i++) {
            signatures[i] = _signature(list[i], epoch);
            signers |= 1 << i;
        }
    }

    function _signature(uint256 key, RewardDistributor.Epoch memory epoch)
        internal
        view
        returns (RewardDistributor.Signature memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, distributor.digestOf(epoch));
        return RewardDistributor.Signature(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function _epoch(uint64 index, uint32 attempt, bytes32 root, uint128 total)
        internal
        view
        returns (RewardDistributor.Epoch memory)
    {
        bytes32 prevRoot = index == 0 ? bytes32(0) : distributor.ring((index - 1) % 8);
        return RewardDistributor.Epoch(index, attempt, 1, prevRoot, bytes32(uint256(7)), root, total);
    }

    function _endEpoch(uint64 index) internal {
        uint256 end = GENESIS + (uint256(index) + 1) * EPOCH;
        if (block.timestamp < end) vm.warp(end);
    }

    function _post(RewardDistributor.Epoch memory epoch) internal {
        _endEpoch(epoch.epoch);
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, epoch, THRESHOLD);
        distributor.postEpoch(epoch, THRESHOLD, _members(), signers, signatures);
    }

    function _activate(RewardDistributor.Epoch memory epoch) internal {
        vm.warp(block.timestamp + VETO);
        distributor.activate(epoch);
    }

    function _settle(RewardDistributor.Epoch memory epoch) internal {
        _post(epoch);
        _activate(epoch);
    }

    function _leaf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }

    function _pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    function _head() internal view returns (RewardDistributor.Head memory h) {
        (h.total, h.nextEpoch, h.nextAttempt, h.activatableAt, h.paused) = distributor.head();
    }

    function _expect(bool condition, string memory what) internal pure {
        if (!condition) revert Expectation(what);
    }

    receive() external payable {}
}
