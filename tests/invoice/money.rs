use dossier_core::money::{self, MAX_AMOUNT, MAX_QUANTITY, Totals, VatOfRate, net_amount};
use dossier_domain::calendar::day;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Rounds with the decimal library.
fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, MidpointAwayFromZero)
}

proptest! {
    #[test]
    fn amounts_survive_a_round_trip(amount in -MAX_AMOUNT..=MAX_AMOUNT, currency in prop::sample::select(vec!["EUR", "JPY", "TND"])) {
        let decimal = money::decimal_amount(amount, currency);
        prop_assert_eq!(decimal.scale(), money::places(currency));
        prop_assert_eq!(money::amount("amount", decimal, currency).unwrap(), amount);
    }

    #[test]
    fn the_amount_of_a_line_is_its_rounded_product(quantity in 1..=1_000_000_i64, price in -100_000_000..=100_000_000_i64) {
        let exact = Decimal::new(quantity, 3) * Decimal::new(price, 2);
        let net = net_amount(quantity, price).unwrap();
        prop_assert_eq!(Decimal::new(net, 2), rounded(exact));
        prop_assert_eq!(net_amount(quantity, -price), Some(-net));
    }

    #[test]
    fn vat_is_rounded_once_per_rate(lines in prop::collection::vec((prop::sample::select(vec![0, 210, 550, 1000, 2000]), -1_000_000..=1_000_000_i64), 0..40)) {
        let totals = Totals::of(lines.clone()).unwrap();
        let rates: Vec<_> = totals.breakdown.iter().map(|part| part.rate).collect();
        let given: std::collections::BTreeSet<_> = lines.iter().map(|(rate, _)| *rate).collect();
        prop_assert!(given.into_iter().eq(rates));
        for part in &totals.breakdown {
            let net: i64 = lines.iter().filter(|(rate, _)| *rate == part.rate).map(|(_, net)| net).sum();
            prop_assert_eq!(part.net, net);
            prop_assert_eq!(Decimal::new(part.vat, 2), rounded(Decimal::new(net, 2) * Decimal::new(part.rate.into(), 4)));
        }
        prop_assert_eq!(totals.net, lines.iter().map(|(_, net)| net).sum::<i64>());
        prop_assert_eq!(totals.vat, totals.breakdown.iter().map(|part| part.vat).sum::<i64>());
        prop_assert_eq!(totals.total, totals.net + totals.vat);
        let mut reversed = lines;
        reversed.reverse();
        prop_assert_eq!(Totals::of(reversed), Some(totals));
    }

    #[test]
    fn nothing_overflows(quantity in any::<i64>(), price in any::<i64>(), rate in any::<i32>(), text in "-?[0-9]{1,28}(\\.[0-9]{1,9})?") {
        let _ = net_amount(quantity, price);
        let _ = Totals::of([(rate, price), (rate, quantity), (0, price)]);
        if let Ok(value) = Decimal::from_str_exact(&text) {
            let _ = (money::amount("a", value, "TND"), money::quantity("q", value), money::vat_rate("r", value));
        }
    }
}

#[test]
fn halves_are_rounded_away_from_zero() {
    assert_eq!(net_amount(500, 1), Some(1));
    assert_eq!(net_amount(499, 1), Some(0));
    assert_eq!(net_amount(500, -1), Some(-1));
    assert_eq!(net_amount(1_005, 1_000), Some(1_005));
    assert_eq!(net_amount(MAX_QUANTITY, MAX_AMOUNT), None);
    // Three lines of 0.03 at 20 %. VAT per line would be 3 × 0.01 = 0.03. On the sum it is 0.018, so 0.02.
    let totals = Totals::of([(2000, 3), (2000, 3), (2000, 3)]).unwrap();
    assert_eq!((totals.net, totals.vat, totals.total), (9, 2, 11));
    assert_eq!(totals.breakdown, [VatOfRate { rate: 2000, net: 9, vat: 2 }]);
}

#[test]
fn values_out_of_range_are_refused() {
    assert_eq!(money::amount("a", decimal("10.5"), "EUR"), Ok(1050));
    assert_eq!(money::amount("a", decimal("10.500"), "EUR"), Ok(1050));
    assert!(money::amount("a", decimal("10.505"), "EUR").is_err());
    assert_eq!(money::amount("a", decimal("10.505"), "TND"), Ok(10_505));
    assert_eq!(money::amount("a", decimal("10"), "JPY"), Ok(10));
    assert!(money::amount("a", decimal("10.5"), "JPY").is_err());
    assert!(money::amount("a", decimal("1000000000000.01"), "EUR").is_err());
    assert_eq!(money::amount("a", decimal("1000000000000"), "EUR"), Ok(MAX_AMOUNT));
    assert!(money::quantity("q", decimal("0")).is_err());
    assert!(money::quantity("q", decimal("0.0001")).is_err());
    assert_eq!(money::quantity("q", decimal("0.001")), Ok(1));
    assert!(money::quantity("q", decimal("1000000.001")).is_err());
    assert_eq!(money::vat_rate("r", decimal("5.5")), Ok(550));
    assert!(money::vat_rate("r", decimal("5.555")).is_err());
    assert!(money::vat_rate("r", decimal("-1")).is_err());
    assert!(money::vat_rate("r", decimal("100.01")).is_err());
    assert_eq!(Totals::of([(0, MAX_AMOUNT), (0, 1)]), None);
    assert_eq!(Totals::of([(2000, MAX_AMOUNT)]), None);
}

#[test]
fn the_year_ends_in_the_organizations_time_zone() {
    let at = "2026-12-31T23:30:00Z".parse().unwrap();
    let day = |zone: chrono_tz::Tz| day(at, zone).to_string();
    assert_eq!(day(chrono_tz::Europe::Paris), "2027-01-01");
    assert_eq!(day(chrono_tz::Europe::London), "2026-12-31");
    assert_eq!(day(chrono_tz::America::Martinique), "2026-12-31");
    assert_eq!(day(chrono_tz::Pacific::Noumea), "2027-01-01");
}
