//! Money without floats: amounts in the minor units of their currency (ISO 4217), quantities in thousandths, VAT rates
//! in hundredths of a percent, and the totals of an invoice as EN 16931 defines them.
//!
//! A line's net amount is quantity × unit price (BT-131). VAT is calculated once per rate, on the sum of the net
//! amounts of that rate (BG-23, rule BR-CO-17), and never per line, because the sum of rounded parts differs from the
//! rounded sum. Both are rounded half away from zero. A discount therefore subtracts exactly what the same line would
//! add.

use crate::error::UserError;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The maximum amount of a line or a total, in minor units. 92,000 of them can be added before 64 bits overflow.
pub const MAX_AMOUNT: i64 = 100_000_000_000_000;

/// The maximum quantity, in thousandths: a million.
pub const MAX_QUANTITY: i64 = 1_000_000_000;

/// 100 %, in hundredths of a percent.
pub const MAX_RATE: i32 = 10_000;

/// The decimal places of a quantity, which is in thousandths.
const QUANTITY_PLACES: u32 = 3;
/// The decimal places of a rate, which is in hundredths of a percent.
const RATE_PLACES: u32 = 2;

/// Returns the decimal places of a currency: 2 for the euro, 0 for the yen. Currencies that ISO 4217 does not define
/// get 2.
pub fn places(currency: &str) -> u32 {
    iso_currency::Currency::from_code(currency).and_then(iso_currency::Currency::exponent).map_or(2, u32::from)
}

/// Converts an amount to minor units.
pub fn amount(field: &str, value: Decimal, currency: &str) -> Result<i64, UserError> {
    let places = places(currency);
    let scaled = scaled(value, places).filter(|amount| (-MAX_AMOUNT..=MAX_AMOUNT).contains(amount));
    scaled.ok_or_else(|| {
        let most = Decimal::new(MAX_AMOUNT, places).normalize();
        UserError::invalid(field, format!("must be at most {most} {currency}, with at most {places} decimal places"))
    })
}

/// Converts a quantity to thousandths.
pub fn quantity(field: &str, value: Decimal) -> Result<i64, UserError> {
    let scaled = scaled(value, QUANTITY_PLACES).filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
    scaled.ok_or_else(|| {
        UserError::invalid(field, "must be greater than 0 and at most 1000000, with at most 3 decimal places")
    })
}

/// Converts a VAT rate in percent to hundredths of a percent.
pub fn vat_rate(field: &str, value: Decimal) -> Result<i32, UserError> {
    let scaled = scaled(value, RATE_PLACES).and_then(|rate| i32::try_from(rate).ok());
    scaled.filter(|rate| (0..=MAX_RATE).contains(rate)).ok_or_else(|| {
        UserError::invalid(field, "must be a percentage from 0 to 100, such as 5.5, with at most 2 decimal places")
    })
}

/// Converts minor units to a decimal amount with all decimal places of the currency.
pub fn decimal_amount(amount: i64, currency: &str) -> Decimal {
    Decimal::new(amount, places(currency))
}

/// Converts thousandths to a decimal quantity.
pub fn decimal_quantity(quantity: i64) -> Decimal {
    Decimal::new(quantity, QUANTITY_PLACES).normalize()
}

/// Converts hundredths of a percent to percent.
pub fn decimal_rate(rate: i32) -> Decimal {
    Decimal::new(rate.into(), RATE_PLACES).normalize()
}

/// Returns the value in units of 10^-places, or `None` if it has more places or does not fit.
fn scaled(value: Decimal, places: u32) -> Option<i64> {
    let value = value.normalize();
    let missing = places.checked_sub(value.scale())?;
    let scaled = value.mantissa().checked_mul(10_i128.checked_pow(missing)?)?;
    i64::try_from(scaled).ok()
}

/// Returns the price of a line without VAT, or `None` if it exceeds [`MAX_AMOUNT`].
pub fn net_amount(quantity: i64, unit_price: i64) -> Option<i64> {
    within(rounded(i128::from(quantity) * i128::from(unit_price), 1_000))
}

/// The VAT of one rate (BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatOfRate {
    /// The rate, in hundredths of a percent.
    pub rate: i32,
    /// The sum of the net amounts of this rate.
    pub net: i64,
    /// The VAT on the sum.
    pub vat: i64,
}

/// The totals of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The sum without VAT.
    pub net: i64,
    /// The VAT of all rates.
    pub vat: i64,
    /// The sum with VAT.
    pub total: i64,
    /// The VAT by rate, the lowest rate first.
    pub breakdown: Vec<VatOfRate>,
}

impl Totals {
    /// Adds lines up, each a VAT rate and a net amount. Returns `None` if a sum exceeds [`MAX_AMOUNT`].
    pub fn of(lines: impl IntoIterator<Item = (i32, i64)>) -> Option<Self> {
        let mut nets = BTreeMap::<i32, i128>::new();
        for (rate, net) in lines {
            *nets.entry(rate).or_default() += i128::from(net);
        }
        let of_rate = |(rate, net): (i32, i128)| {
            Some(VatOfRate { rate, net: within(net)?, vat: within(rounded(net * i128::from(rate), 10_000))? })
        };
        let breakdown = nets.into_iter().map(of_rate).collect::<Option<Vec<_>>>()?;
        let net = breakdown.iter().map(|part| i128::from(part.net)).sum();
        let vat = breakdown.iter().map(|part| i128::from(part.vat)).sum();
        Some(Self { net: within(net)?, vat: within(vat)?, total: within(net + vat)?, breakdown })
    }
}

/// Divides, and rounds half away from zero. The denominator must be even.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    (numerator.abs() + denominator / 2) / denominator * numerator.signum()
}

fn within(amount: i128) -> Option<i64> {
    i64::try_from(amount).ok().filter(|amount| (-MAX_AMOUNT..=MAX_AMOUNT).contains(amount))
}
