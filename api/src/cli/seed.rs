//! `dossier seed`

use super::Error;
use crate::{
    config::Config,
    database,
    seed::{self, Plan},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{BufWriter, Write},
    time::Instant,
};

/// Makes up data, and prints the people in it as lines of JSON.
pub async fn seed(config: &Config, plan: &Plan) -> Result<(), Error> {
    let db = database::owned(config).await?;
    if config.is_embedded() {
        database::migrate(config).await?;
    } else if let Some(fault) = database::schema_fault(&db).await? {
        return Err(fault.into());
    }
    eprintln!("Everybody's password follows from --seed {}: for development and measurements only.", plan.seed);
    // Shown on a terminal only.
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{elapsed_precise} {wide_bar} {human_pos} of about {human_len} rows, {per_sec}, {eta} left",
    )?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let begun = Instant::now();
    let rows = seed::run(&db, plan, &bar, |person| {
        serde_json::to_writer(&mut out, &person)?;
        Ok(writeln!(out)?)
    })
    .await?;
    out.flush()?;
    bar.finish_and_clear();
    let took = begun.elapsed();
    let rate = u128::from(rows) * 1_000 / took.as_millis().max(1);
    eprintln!("{rows} rows in {:.1} s: {rate} rows/s", took.as_secs_f64());
    Ok(())
}
