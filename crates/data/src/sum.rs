//! Sums over rows.

use sea_orm::{DbErr, QueryResult};

/// Sums of columns over the rows that are equal in other columns.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The values that the rows share: texts, or enums as the database stores them.
    pub by: Vec<String>,
    /// The sums, in the requested order.
    pub of: Vec<i64>,
    /// The number of rows.
    pub count: u64,
}

impl Sum {
    /// Reads the values and the sums of a row, starting at this column.
    pub(super) fn parse(row: &QueryResult, from: usize, by: usize, of: usize, count: u64) -> Result<Self, DbErr> {
        let texts = from..from + by;
        let sums = texts.end..texts.end + of;
        Ok(Self {
            by: texts.map(|index| row.try_get_by_index(index)).collect::<Result<_, _>>()?,
            of: sums.map(|index| row.try_get_by_index(index)).collect::<Result<_, _>>()?,
            count,
        })
    }
}
