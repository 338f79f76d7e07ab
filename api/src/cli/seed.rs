//! `dossier seed`

use super::output::{self, OutputError};
use crate::{config::Config, database};
use dossier_core::error::BoxError;
use dossier_seed::generated::{self, Plan};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{BufWriter, Write},
    time::Instant,
};

/// Generates data, and prints its people as lines of JSON.
pub async fn seed(config: &Config, plan: &Plan) -> Result<(), BoxError> {
    let db = database::owned(config).await?;
    if config.is_embedded() {
        database::migrate(config).await?;
    }
    database::own(&db).await?;
    output::note(format!(
        "All passwords depend on --seed {}: use this data only for development and measurements.",
        plan.seed
    ));
    // Shown only on a terminal.
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{elapsed_precise} {wide_bar} {human_pos} of about {human_len} rows, {per_sec}, {eta} left",
    )?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let begun = Instant::now();
    let rows = generated::run(&db, plan, &bar, |person| {
        let person = serde_json::to_string(&person)?;
        Ok(writeln!(out, "{person}").map_err(OutputError::from)?)
    })
    .await?;
    out.flush().map_err(OutputError::from)?;
    bar.finish_and_clear();
    let took = begun.elapsed();
    let rate = u128::from(rows) * 1_000 / took.as_millis().max(1);
    output::note(format!("{rows} rows in {:.1} s: {rate} rows/s", took.as_secs_f64()));
    Ok(())
}
