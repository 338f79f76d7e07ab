//! Draws the ratios.

use super::report::Level;
use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

const HEIGHT: f64 = 240.0;
const BAR: f64 = 28.0;
const GAP: f64 = 24.0;
const MARGIN: f64 = 48.0;
const COLORS: [&str; 4] = ["#1f6f8b", "#99a8b2", "#e6d5b8", "#c06c4a"];

/// Writes `target/speed.svg`.
pub fn draw(levels: &[Level]) -> PathBuf {
    let (groups, count) = (levels.first().map_or(0, |level| level.rows.len()), float(levels.len()));
    let group = count * BAR + GAP;
    let width = 2.0 * MARGIN + float(groups) * group;
    let all = levels.iter().flat_map(|level| &level.rows).map(|row| row.ratio);
    let top = all.fold(1.0, f64::max);
    let base = MARGIN + HEIGHT;
    let y = |ratio: f64| base - ratio / top * HEIGHT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{MARGIN}\" y=\"20\">Dossier’s throughput as a part of the limit’s</text>\n",
        base + MARGIN
    );
    for quarter in 0..=4 {
        let (ratio, right) = (f64::from(quarter) / 4.0, width - MARGIN);
        let (connection, text) = (y(ratio), y(ratio) + 4.0);
        let _ = writeln!(
            svg,
            "<line x1=\"{MARGIN}\" x2=\"{right}\" y1=\"{connection}\" y2=\"{connection}\" stroke=\"#ccc\"/>\
             <text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{ratio:.2}</text>",
            MARGIN - 6.0
        );
    }
    for (place, level) in levels.iter().enumerate() {
        let color = COLORS[place % COLORS.len()];
        for (turn, row) in level.rows.iter().enumerate() {
            let left = MARGIN + GAP / 2.0 + float(turn) * group + float(place) * BAR;
            let (up, middle) = (y(row.ratio), left + BAR / 2.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{left}\" y=\"{up}\" width=\"{}\" height=\"{}\" fill=\"{color}\"/>\
                 <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\">{:.2}</text>\
                 <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\">{}</text>",
                BAR - 2.0,
                base - up,
                up - 4.0,
                row.ratio,
                base + 14.0,
                level.connections
            );
            if place == 0 {
                let _ = writeln!(svg, "<text x=\"{left}\" y=\"{}\">{}</text>", base + 32.0, row.operation);
            }
        }
    }
    svg.push_str("</svg>\n");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("speed.svg");
    std::fs::write(&path, svg).unwrap();
    path
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
