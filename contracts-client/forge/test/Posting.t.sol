// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../../contracts/RewardDistributor.sol";
import {CoverageToken} from "../../contracts/CoverageToken.sol";
import {EmissionController} from "../../contracts/EmissionController.sol";
import {ValidatorRegistry} from "../../contracts/ValidatorRegistry.sol";
import {Fixture} from "./Fixture.sol";

/// What may be posted, vetoed and activated, and by whom.
contract PostingTest is Fixture {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant ROOT = bytes32(uint256(0xabc));

    RewardDistributor.Epoch private first;

    function setUp() public override {
        super.setUp();
        first = _epoch(0, 0, ROOT, 600 ether);
        _endEpoch(0);
    }

    function _postWith(uint256 signers, RewardDistributor.Signature[] memory signatures) private {
        distributor.postEpoch(first, THRESHOLD, _members(), signers, signatures);
    }

    function _refuse(bytes4 code) private {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        bytes memory members = _members();
        vm.expectPartialRevert(code);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function test_fiveOfSevenPostAndAnyoneActivatesExactlyTheDelta() public {
        _post(first);
        _expect(token.totalSupply() == 0, "a post mints nothing");
        _activate(first);
        _expect(token.balanceOf(address(distributor)) == 600 ether, "the delta");
        RewardDistributor.Epoch memory second = _epoch(1, 3, bytes32(uint256(0xdef)), 1000 ether);
        _settle(second);
        _expect(token.totalSupply() == 1000 ether, "the total");
        _expect(_head().nextEpoch == 2 && _head().nextAttempt == 0 && _head().activatableAt == 0, "head");
        _expect(distributor.ring(0) == ROOT && distributor.ring(1) == second.root, "ring");
    }

    function test_allSevenMaySign() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, VALIDATORS);
        _postWith(signers, signatures);
        _expect(distributor.pendingHash() != bytes32(0), "posted");
    }

    /// Any five of the seven, chosen by the fuzzer, are as good as any others; any fewer are refused.
    function testFuzz_anySubsetOfSigners(uint8 bits) public {
        uint256 signers = bits & 0x7f;
        RewardDistributor.Signature[] memory signatures = new RewardDistributor.Signature[](_count(signers));
        uint256 used;
        for (uint256 i = 0; i < VALIDATORS; i++) {
            if ((signers >> i) & 1 == 1) signatures[used++] = _signature(keys[i], first);
        }
        bytes memory members = _members();
        if (used < THRESHOLD) vm.expectPartialRevert(RewardDistributor.TooFewSignatures.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) count++;
    }

    function test_refusesFewerThanM() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD - 1);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.TooFewSignatures.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function test_refusesALowerThresholdThanTheRegistrys() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, 1);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.ForeignSet.selector);
        distributor.postEpoch(first, 1, members, signers, signatures);
    }

    function test_refusesADuplicate() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        signatures[4] = signatures[3];
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function test_refusesUnsorted() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function test_refusesMoreOrFewerSignaturesThanBits() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignatureCount.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers >> 1, signatures);
        vm.expectPartialRevert(RewardDistributor.BadSignatureCount.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers | (1 << 6), signatures);
        vm.expectPartialRevert(RewardDistributor.UnknownSigner.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers | (1 << 7), signatures);
    }

    function test_refusesAForeignSet() public {
        uint256[] memory others = _sortedKeys(5000, VALIDATORS);
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(others, first, THRESHOLD);
        bytes memory members = _members(others);
        vm.expectPartialRevert(RewardDistributor.ForeignSet.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
        members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
        first.setId = 2;
        _refuse(RewardDistributor.ForeignSet.selector);
    }

    function test_refusesAReplay() public {
        _post(first);
        _refuse(RewardDistributor.AlreadyPosted.selector);
        _activate(first);
        _refuse(RewardDistributor.WrongEpoch.selector);
        vm.expectPartialRevert(RewardDistributor.NothingPosted.selector);
        distributor.activate(first);
    }

    function test_refusesSignaturesForAnotherChainOrContract() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        bytes memory members = _members();
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
        vm.chainId(block.chainid - 1);
        _deploy();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    /// (r, n − s) with the other parity recovers to the same address in bare ecrecover.
    function test_refusesAMalleatedSignature() public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        uint256 vs = uint256(signatures[0].vs);
        uint256 s = vs & (type(uint256).max >> 1);
        signatures[0].vs = bytes32((ORDER - s) | ((1 - (vs >> 255)) << 255));
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    function testFuzz_refusesAnyOtherSignature(uint256 which, bytes32 r, bytes32 vs) public {
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        RewardDistributor.Signature memory good = signatures[which % THRESHOLD];
        vm.assume(good.r != r || good.vs != vs);
        signatures[which % THRESHOLD] = RewardDistributor.Signature(r, vs);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(first, THRESHOLD, members, signers, signatures);
    }

    /// Signed for one epoch, posted with one field changed: no field is outside the signature.
    function testFuzz_everyFieldIsSigned(uint8 field, uint128 change) public {
        vm.assume(change != 0);
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(keys, first, THRESHOLD);
        RewardDistributor.Epoch memory changed = first;
        uint256 which = field % 4;
        if (which == 0) changed.attempt = uint32(1 + change % (type(uint32).max - 1));
        if (which == 1) changed.summaryHash = bytes32(uint256(changed.summaryHash) ^ change);
        if (which == 2) changed.root = bytes32(uint256(changed.root) ^ change);
        if (which == 3) changed.total = change % 1000 ether;
        vm.assume(changed.total != first.total || which != 3);
        bytes memory members = _members();
        vm.expectPartialRevert(RewardDistributor.BadSignature.selector);
        distributor.postEpoch(changed, THRESHOLD, members, signers, signatures);
    }

    function test_refusesWhatIsOutOfOrder() public {
        first.epoch = 1;
        _refuse(RewardDistributor.WrongEpoch.selector);
        first.epoch = 0;
        first.prevRoot = ROOT;
        _refuse(RewardDistributor.WrongPrevRoot.selector);
        first.prevRoot = 0;
        first.total = 1000 ether + 1;
        _refuse(RewardDistributor.AboveCap.selector);
        first.total = 1000 ether;
        _post(first);
        _activate(first);
        first = _epoch(1, 0, ROOT, 999 ether);
        _refuse(RewardDistributor.EpochNotOver.selector);
        _endEpoch(1);
        _refuse(RewardDistributor.TotalBelowPrevious.selector);
    }

    function testFuzz_neverAcceptsMoreThanTheCap(uint128 total) public {
        first.total = total;
        if (total > emission.capFor(0)) _refuse(RewardDistributor.AboveCap.selector);
        else _post(first);
    }

    function test_aVetoedEpochMintsNothingAndTheNextAttemptDoes() public {
        _post(first);
        vm.prank(GUARDIAN);
        distributor.veto(0, 0);
        vm.warp(block.timestamp + VETO);
        vm.expectPartialRevert(RewardDistributor.NothingPosted.selector);
        distributor.activate(first);
        _expect(token.totalSupply() == 0 && distributor.ring(0) == 0, "nothing came of it");
        _refuse(RewardDistributor.AttemptSpent.selector);
        first.attempt = 1;
        first.root = bytes32(uint256(0xdef));
        first.total = 500 ether;
        _settle(first);
        _expect(token.totalSupply() == 500 ether && distributor.ring(0) == first.root, "the second attempt");
    }

    function test_anAttemptIsLeftAfterEveryVeto() public {
        first.attempt = type(uint32).max;
        _refuse(RewardDistributor.AttemptSpent.selector);
        first.attempt = type(uint32).max - 1;
        _post(first);
        vm.prank(GUARDIAN);
        distributor.veto(0, type(uint32).max - 1);
    }

    function test_vetoIsTheGuardiansAndOnlyInsideTheWindow() public {
        vm.expectPartialRevert(RewardDistributor.NotGuardian.selector);
        distributor.veto(0, 0);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.NothingPosted.selector);
        distributor.veto(0, 0);
        _post(first);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.WrongEpoch.selector);
        distributor.veto(1, 0);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.AttemptSpent.selector);
        distributor.veto(0, 1);
        vm.warp(block.timestamp + VETO);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.TooLate.selector);
        distributor.veto(0, 0);
        distributor.activate(first);
    }

    function test_theGuardianCanDoNothingElse() public {
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.NotGovernor.selector);
        distributor.setPaused(true);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.NotGovernor.selector);
        distributor.setGuardian(address(1));
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(EmissionController.NotDistributor.selector);
        emission.mintFor(0, 1);
    }

    function test_activationWaitsAndTakesOnlyWhatWasPosted() public {
        _post(first);
        vm.warp(block.timestamp + VETO - 1);
        vm.expectPartialRevert(RewardDistributor.TooEarly.selector);
        distributor.activate(first);
        vm.warp(block.timestamp + 1);
        RewardDistributor.Epoch memory other = first;
        other.total = 601 ether;
        vm.expectPartialRevert(RewardDistributor.NotThePosted.selector);
        distributor.activate(other);
    }

    function test_pauseStopsPostsAndActivationsUntilItEnds() public {
        vm.prank(GOVERNOR);
        distributor.setPaused(true);
        _refuse(RewardDistributor.Paused.selector);
        vm.prank(GOVERNOR);
        distributor.setPaused(false);
        _post(first);
        vm.prank(GOVERNOR);
        distributor.setPaused(true);
        vm.warp(block.timestamp + VETO);
        vm.expectPartialRevert(RewardDistributor.Paused.selector);
        distributor.activate(first);
        vm.prank(GOVERNOR);
        distributor.setPaused(false);
        distributor.activate(first);
    }

    function test_aNewGuardianVetoesAndTheOldOneDoesNot() public {
        vm.prank(GOVERNOR);
        distributor.setGuardian(address(0x77));
        _post(first);
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(RewardDistributor.NotGuardian.selector);
        distributor.veto(0, 0);
        vm.prank(address(0x77));
        distributor.veto(0, 0);
    }

    /// Posted by set 1, rotated inside the window: it activates; set 1 posts nothing more, set 2 does.
    function test_rotationInMidWindow() public {
        _post(first);
        uint256[] memory next = _sortedKeys(9000, 4);
        for (uint256 i = 0; i < next.length; i++) {
            vm.deal(vm.addr(next[i]), MIN_BOND);
            vm.prank(vm.addr(next[i]));
            registry.bond{value: MIN_BOND}();
        }
        ValidatorRegistry.Validator[] memory validators = _validators(next);
        vm.prank(GOVERNOR);
        registry.setValidators(validators, 3);
        _activate(first);
        first = _epoch(1, 0, bytes32(uint256(0xdef)), 800 ether);
        _endEpoch(1);
        _refuse(RewardDistributor.ForeignSet.selector);
        first.setId = 2;
        (uint256 signers, RewardDistributor.Signature[] memory signatures) = _sign(next, first, 3);
        distributor.postEpoch(first, 3, _members(next), signers, signatures);
        _activate(first);
        _expect(token.totalSupply() == 800 ether, "both sets' epochs count");
    }

    function test_theConstructorRefusesWhatDoesNotFit() public {
        CoverageToken other = new CoverageToken("x", "x", address(this));
        vm.expectPartialRevert(RewardDistributor.WronglyWired.selector);
        new RewardDistributor(other, emission, registry, GOVERNOR, GUARDIAN, VETO);
        vm.expectPartialRevert(RewardDistributor.WronglyWired.selector);
        new RewardDistributor(token, emission, registry, GOVERNOR, GUARDIAN, VETO);
        _refuseParts(true, address(this), VETO, RewardDistributor.WronglyWired.selector);
        _refuseParts(false, address(0), VETO, RewardDistributor.WronglyWired.selector);
        _refuseParts(false, address(this), VETO, RewardDistributor.WronglyWired.selector);
        _refuseParts(false, address(0), EPOCH, RewardDistributor.VetoWindowTooLong.selector);
    }

    /// Parts that point to the distributor to be, but for the controller's token or the registry's slasher.
    function _refuseParts(bool otherToken, address slasher, uint256 vetoSeconds, bytes4 code) private {
        uint256 nonce = vm.getNonce(address(this));
        address at = vm.computeCreateAddress(address(this), nonce + 3);
        CoverageToken made = new CoverageToken("x", "x", vm.computeCreateAddress(address(this), nonce + 1));
        EmissionController controller = new EmissionController(otherToken ? token : made, at, _schedule());
        bool wrongSlasher = slasher == address(0) && vetoSeconds != EPOCH;
        ValidatorRegistry parts = new ValidatorRegistry{value: MIN_BOND * VALIDATORS}(
            GOVERNOR, wrongSlasher ? GOVERNOR : at, MIN_BOND, EXIT_DELAY, _validators(keys), THRESHOLD
        );
        if (slasher == address(this) && !otherToken) {
            RewardDistributor good = new RewardDistributor(made, controller, parts, GOVERNOR, GUARDIAN, vetoSeconds);
            _expect(address(good) == at, "the parts fit");
            return;
        }
        vm.expectPartialRevert(code);
        new RewardDistributor(made, controller, parts, GOVERNOR, GUARDIAN, vetoSeconds);
    }
}
