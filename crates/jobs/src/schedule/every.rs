//! When recurring work is due.

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, TimeZone,
    Utc, Weekday,
};
use chrono_tz::Tz;
use uuid::Uuid;

/// How often recurring work is due. Times of day are local to the organization: one that a change of the clocks leaves
/// out is moved to the first moment after the gap, and one that comes twice counts the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// So many minutes after the last time, at least one. When within this period differs from organization to
    /// organization, so that not all are due together.
    Minutes(u32),
    /// So many hours after the last time, at least one; otherwise as [`Every::Minutes`].
    Hours(u32),
    /// Every day, at a whole second.
    Day {
        /// At this time.
        at: NaiveTime,
    },
    /// Every week.
    Week {
        /// On this day.
        day: Weekday,
        /// At this time.
        at: NaiveTime,
    },
    /// Every month.
    Month {
        /// On this day, or on the last one of a shorter month.
        day: u32,
        /// At this time.
        at: NaiveTime,
    },
}

/// How far an occurrence may be from the date that it belongs to: a time zone can leave out a whole day.
const MARGIN: Days = Days::new(2);

/// In how many days there is an occurrence at the latest.
const HORIZON: u64 = 40;

impl Every {
    /// Returns the last occurrence that is not after `now`.
    pub fn latest(self, zone: Tz, organization: Uuid, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.period() {
            Ok(period) => Some(begin_of_period(period, organization, now)),
            Err((on, at)) => {
                let last = now.with_timezone(&zone).date_naive().checked_add_days(MARGIN)?;
                let dates = (0..HORIZON).filter_map(|days| last.checked_sub_days(Days::new(days)));
                dates
                    .filter(|date| on.includes(*date))
                    .map(|date| moment(zone, date.and_time(at)))
                    .find(|time| *time <= now)
            }
        }
    }

    /// Returns the first occurrence after `now`.
    pub fn next(self, zone: Tz, organization: Uuid, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.period() {
            Ok(period) => begin_of_period(period, organization, now).checked_add_signed(period),
            Err((on, at)) => {
                let first = now.with_timezone(&zone).date_naive().checked_sub_days(MARGIN)?;
                let dates = (0..HORIZON).filter_map(|days| first.checked_add_days(Days::new(days)));
                dates
                    .filter(|date| on.includes(*date))
                    .map(|date| moment(zone, date.and_time(at)))
                    .find(|time| *time > now)
            }
        }
    }

    /// Returns the period, or on which days at which time.
    fn period(self) -> Result<TimeDelta, (On, NaiveTime)> {
        match self {
            Self::Minutes(minutes) => Ok(TimeDelta::minutes(i64::from(minutes.max(1)))),
            Self::Hours(hours) => Ok(TimeDelta::hours(i64::from(hours.max(1)))),
            Self::Day { at } => Err((On::AnyDay, at.trunc_subsecs(0))),
            Self::Week { day, at } => Err((On::Weekday(day), at.trunc_subsecs(0))),
            Self::Month { day, at } => Err((On::DayOfMonth(day), at.trunc_subsecs(0))),
        }
    }
}

#[derive(Clone, Copy)]
enum On {
    AnyDay,
    Weekday(Weekday),
    DayOfMonth(u32),
}

impl On {
    fn includes(self, date: NaiveDate) -> bool {
        match self {
            Self::AnyDay => true,
            Self::Weekday(day) => date.weekday() == day,
            Self::DayOfMonth(day) => date.day() == day.clamp(1, u32::from(date.num_days_in_month())),
        }
    }
}

/// Periods are counted from 1970, shifted by what the random end of the organization's id says.
fn begin_of_period(period: TimeDelta, organization: Uuid, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = period.num_seconds();
    let random = i64::try_from(organization.as_u64_pair().1 & u64::from(u32::MAX)).unwrap_or_default();
    let since_begin = (now.timestamp() - random % seconds).rem_euclid(seconds);
    DateTime::from_timestamp(now.timestamp() - since_begin, 0).unwrap_or(now)
}

/// Returns the moment at which clocks in the zone show a time, or would without a gap.
fn moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => time.to_utc(),
        MappedLocalTime::None => end_of_gap(zone, local),
    }
}

/// Returns the moment at which the clocks skip a time.
fn end_of_gap(zone: Tz, skipped: NaiveDateTime) -> DateTime<Utc> {
    let offset = |time: DateTime<Utc>| zone.offset_from_utc_datetime(&time.naive_utc()).to_string();
    let mut before = skipped.and_utc() - TimeDelta::days(2);
    let mut after = skipped.and_utc() + TimeDelta::days(2);
    let winter = offset(before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset(middle) == winter {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{Africa::Casablanca, America::Santiago, Australia::Lord_Howe, Europe::Paris, Pacific::Apia};

    const NOBODY: Uuid = Uuid::nil();

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    /// The occurrences after a time; the last occurrence before each is the one before it.
    fn following(every: Every, zone: Tz, after: &str, count: usize) -> Vec<String> {
        let mut times = vec![utc(after)];
        for _ in 0..count {
            let last = times[times.len() - 1];
            let next = every.next(zone, NOBODY, last).expect("a next occurrence");
            assert_eq!(every.latest(zone, NOBODY, next), Some(next));
            let before = every.latest(zone, NOBODY, next - TimeDelta::seconds(1)).expect("a last occurrence");
            assert!(before <= last, "{before} is between {last} and {next}");
            times.push(next);
        }
        times[1..].iter().map(|time| time.format("%m-%d %H:%M").to_string()).collect()
    }

    #[test]
    fn a_skipped_time_runs_at_the_end_of_the_gap() {
        // Paris skips from 02:00 to 03:00 on 29 March 2026.
        let daily = Every::Day { at: at(2, 30) };
        assert_eq!(following(daily, Paris, "2026-03-27T12:00:00Z", 3), ["03-28 01:30", "03-29 01:00", "03-30 00:30"]);
        // Lord Howe skips half an hour.
        let daily = Every::Day { at: at(2, 15) };
        assert_eq!(following(daily, Lord_Howe, "2026-10-02T12:00:00Z", 2), ["10-02 15:45", "10-03 15:30"]);
        // Santiago skips midnight.
        let daily = Every::Day { at: at(0, 0) };
        assert_eq!(following(daily, Santiago, "2026-09-05T12:00:00Z", 2), ["09-06 04:00", "09-07 03:00"]);
        // Apia skipped 30 December 2011.
        let daily = Every::Day { at: at(9, 0) };
        assert_eq!(following(daily, Apia, "2011-12-29T00:00:00Z", 3), ["12-29 19:00", "12-30 10:00", "12-30 19:00"]);
    }

    #[test]
    fn a_repeated_time_runs_once_and_the_first_time() {
        // Paris repeats 02:00 to 03:00 on 25 October 2026.
        let daily = Every::Day { at: at(2, 30) };
        assert_eq!(following(daily, Paris, "2026-10-24T12:00:00Z", 2), ["10-25 00:30", "10-26 01:30"]);
        // Casablanca repeats 02:00 to 03:00 when Ramadan begins, and skips it when Ramadan ends.
        assert_eq!(following(daily, Casablanca, "2026-02-14T12:00:00Z", 2), ["02-15 01:30", "02-16 02:30"]);
        assert_eq!(following(daily, Casablanca, "2026-03-21T12:00:00Z", 2), ["03-22 02:00", "03-23 01:30"]);
    }

    #[test]
    fn weeks_and_months() {
        let weekly = Every::Week { day: Weekday::Mon, at: at(8, 0) };
        assert_eq!(following(weekly, Paris, "2026-10-20T00:00:00Z", 2), ["10-26 07:00", "11-02 07:00"]);
        let monthly = Every::Month { day: 31, at: at(8, 0) };
        assert_eq!(
            following(monthly, Paris, "2026-01-15T00:00:00Z", 4),
            ["01-31 07:00", "02-28 07:00", "03-31 06:00", "04-30 06:00"]
        );
    }

    #[test]
    fn periods_are_spread_over_organizations() {
        let every = Every::Minutes(10);
        let now = utc("2026-01-01T00:00:00Z");
        assert_eq!(following(every, Paris, "2026-01-01T00:00:01Z", 2), ["01-01 00:10", "01-01 00:20"]);
        assert_eq!(every.latest(Paris, NOBODY, now), Some(now));
        let times: std::collections::HashSet<_> =
            (0..100).map(|number| every.next(Paris, Uuid::from_u128(number * 7), now)).collect();
        assert!(times.len() > 50, "{} times of 100 organizations", times.len());
        assert!(times.iter().all(|time| time.is_some_and(|time| time > now && time <= now + TimeDelta::minutes(10))));
    }
}
