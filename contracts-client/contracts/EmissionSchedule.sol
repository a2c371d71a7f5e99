// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What an epoch may pay at most: the same arithmetic as the network's rule set. Values that cannot change, so the
/// controller that mints and the distributor that looks before it accepts a post each hold them in their own code.
abstract contract EmissionSchedule {
    uint256 private constant DAY_MS = 86_400_000;

    struct Schedule {
        /// Unix time of the start of epoch 0, milliseconds.
        uint64 genesisMs;
        uint64 epochMs;
        /// Base units a day before the first halving.
        uint128 emissionPerDay;
        uint32 halvingDays;
    }

    uint64 public immutable genesisMs;
    uint64 public immutable epochMs;
    uint128 public immutable emissionPerDay;
    uint32 public immutable halvingDays;

    error EmptySchedule();

    constructor(Schedule memory schedule_) {
        if (schedule_.epochMs == 0 || schedule_.halvingDays == 0) revert EmptySchedule();
        genesisMs = schedule_.genesisMs;
        epochMs = schedule_.epochMs;
        emissionPerDay = schedule_.emissionPerDay;
        halvingDays = schedule_.halvingDays;
    }

    function schedule() external view returns (Schedule memory) {
        return Schedule(genesisMs, epochMs, emissionPerDay, halvingDays);
    }

    /// @return Base units the epoch may pay: the day's emission, halved for every full halving period before the epoch's
    /// start, pro rata of the epoch's length, rounded down.
    function capFor(uint64 epoch) public view returns (uint256) {
        uint256 halvings = (uint256(epoch) * epochMs) / (uint256(halvingDays) * DAY_MS);
        return ((uint256(emissionPerDay) >> halvings) * epochMs) / DAY_MS;
    }

    /// @return Unix time of an epoch's end, milliseconds.
    function endsAtMs(uint64 epoch) public view returns (uint256) {
        return genesisMs + (uint256(epoch) + 1) * epochMs;
    }
}
