// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoverageToken} from "./CoverageToken.sol";
import {EmissionSchedule} from "./EmissionSchedule.sol";

/// @notice Mints what an epoch adds, never more than the schedule allows for it, and once. No quorum, however it was won, gets
/// more. Nothing here can be changed after deployment.
contract EmissionController is EmissionSchedule {
    CoverageToken public immutable token;
    address public immutable distributor;

    /// The lowest epoch that may still be minted for.
    uint256 public nextEpoch;

    error NotDistributor(address caller);
    error EpochAlreadyMinted(uint64 epoch, uint256 nextEpoch);
    error AboveCap(uint256 added, uint256 cap);

    event Minted(uint64 indexed epoch, uint256 amount);

    constructor(CoverageToken token_, address distributor_, Schedule memory schedule_) EmissionSchedule(schedule_) {
        token = token_;
        distributor = distributor_;
    }

    /// @notice Mints what an activated epoch added to the total, into the distributor.
    function mintFor(uint64 epoch, uint256 amount) external {
        if (msg.sender != distributor) revert NotDistributor(msg.sender);
        if (epoch < nextEpoch) revert EpochAlreadyMinted(epoch, nextEpoch);
        uint256 cap = capFor(epoch);
        if (amount > cap) revert AboveCap(amount, cap);
        nextEpoch = uint256(epoch) + 1;
        emit Minted(epoch, amount);
        token.mint(distributor, amount);
    }
}
