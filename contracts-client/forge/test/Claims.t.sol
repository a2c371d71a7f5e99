// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {Fixture} from "./Fixture.sol";

/// Who is paid what, and that nothing stands in the way.
contract ClaimsTest is Fixture {
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);

    /// Settles one more epoch that owes Alice and Bob so much since the beginning.
    function _owe(uint64 index, uint256 alice, uint256 bob) private {
        bytes32 root = _pair(_leaf(ALICE, alice), _leaf(BOB, bob));
        _settle(_epoch(index, 0, root, uint128(alice + bob)));
    }

    function _proof(address other, uint256 cumulative) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = _leaf(other, cumulative);
    }

    function test_paysTheDifferenceOnceWhoeverAsks() public {
        _owe(0, 300 ether, 200 ether);
        vm.prank(BOB);
        _expect(distributor.claim(0, ALICE, 300 ether, _proof(BOB, 200 ether)) == 300 ether, "all of it");
        _expect(token.balanceOf(ALICE) == 300 ether && token.balanceOf(BOB) == 0, "the account alone is paid");
        _expect(distributor.claim(0, ALICE, 300 ether, _proof(BOB, 200 ether)) == 0, "a double claim pays nothing");
        _owe(1, 350 ether, 200 ether);
        _expect(distributor.claim(1, ALICE, 350 ether, _proof(BOB, 200 ether)) == 50 ether, "the difference");
        _expect(distributor.claim(0, ALICE, 300 ether, _proof(BOB, 200 ether)) == 0, "nor an older root");
    }

    function test_anOlderRootOfTheRingStillPaysAndTheNinthDoesNot() public {
        for (uint64 i = 0; i < 8; i++) _owe(i, 10 ether * (uint256(i) + 1), 10 ether);
        _expect(distributor.claim(0, ALICE, 10 ether, _proof(BOB, 10 ether)) == 10 ether, "the oldest of eight");
        RewardDistributor.Epoch memory ninth = _epoch(8, 0, bytes32(uint256(1)), 95 ether);
        _post(ninth);
        _expect(distributor.claim(0, BOB, 10 ether, _proof(ALICE, 10 ether)) == 10 ether, "also while the next waits");
        _activate(ninth);
        vm.expectPartialRevert(RewardDistributor.BadProof.selector);
        distributor.claim(0, ALICE, 10 ether, _proof(BOB, 10 ether));
    }

    function test_pausingNeverBlocksAClaim() public {
        _owe(0, 300 ether, 200 ether);
        vm.prank(GOVERNOR);
        distributor.setPaused(true);
        _expect(distributor.claim(0, ALICE, 300 ether, _proof(BOB, 200 ether)) == 300 ether, "one");
        RewardDistributor.Claim[] memory claims = new RewardDistributor.Claim[](1);
        claims[0] = RewardDistributor.Claim(BOB, 200 ether, _proof(ALICE, 300 ether));
        _expect(distributor.claimMany(0, claims) == 200 ether, "many");
    }

    function test_manyAreClaimedAtOnce() public {
        _owe(0, 300 ether, 200 ether);
        RewardDistributor.Claim[] memory claims = new RewardDistributor.Claim[](3);
        claims[0] = RewardDistributor.Claim(ALICE, 300 ether, _proof(BOB, 200 ether));
        claims[1] = RewardDistributor.Claim(BOB, 200 ether, _proof(ALICE, 300 ether));
        claims[2] = claims[0];
        _expect(distributor.claimMany(0, claims) == 500 ether, "the third pays nothing");
        _expect(token.balanceOf(address(distributor)) == 0, "all is paid out");
    }

    function testFuzz_refusesAnyOtherAmountOrAccount(address account, uint256 cumulative) public {
        vm.assume(account != ALICE || cumulative != 300 ether);
        vm.assume(account != BOB || cumulative != 200 ether);
        _owe(0, 300 ether, 200 ether);
        vm.expectPartialRevert(RewardDistributor.BadProof.selector);
        distributor.claim(0, account, cumulative, _proof(BOB, 200 ether));
    }

    function testFuzz_anEmptyRootPaysNobody(uint64 epoch, address account, uint256 cumulative, bytes32[] memory proof) public {
        vm.expectPartialRevert(RewardDistributor.BadProof.selector);
        distributor.claim(epoch, account, cumulative, proof);
    }

    /// Cumulative totals that only grow: whatever order an owner claims old and new roots in, he ends with the last total.
    function testFuzz_anyOrderOfClaimsPaysTheLastTotal(uint64[8] memory parts, uint8[12] memory order) public {
        uint256[8] memory totals;
        uint256 sum;
        for (uint64 i = 0; i < 8; i++) {
            sum += parts[i];
            totals[i] = sum;
            _owe(i, sum, 1);
        }
        uint256 highest;
        for (uint256 i = 0; i < order.length; i++) {
            uint64 epoch = order[i] % 8;
            uint256 paid = distributor.claim(epoch, ALICE, totals[epoch], _proof(BOB, 1));
            uint256 due = totals[epoch] > highest ? totals[epoch] - highest : 0;
            _expect(paid == due, "exactly what is new");
            highest += due;
        }
        distributor.claim(7, ALICE, totals[7], _proof(BOB, 1));
        _expect(token.balanceOf(ALICE) == totals[7], "the last total");
    }
}
