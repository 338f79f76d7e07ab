//! The documentation of errors is correct.

use crate::support::live::repository;
use dossier::{
    error_code::Code,
    graphql::limits::{Limits, MAX_BRACKETS, MAX_NESTING},
};
use std::{collections::BTreeSet, fs};

/// Returns the cells of the table under this heading.
fn table(heading: &str) -> Vec<Vec<String>> {
    let document = fs::read_to_string(repository("docs/errors.md")).unwrap();
    let (_, section) = document.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
    rows.map(cells).collect()
}

#[test]
fn every_code_is_in_the_table_with_its_status() {
    let written: Vec<_> = table("Errors in a response").iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let known: Vec<_> = Code::ALL
        .iter()
        .map(|code| {
            let plain = if code.is_of_graphql() { " (200)" } else { "" };
            (code.as_str().to_owned(), format!("{}{plain}", code.status().as_u16()))
        })
        .collect();
    assert_eq!(written, known);
}

#[test]
fn the_limits_of_a_document_are_those_of_the_server() {
    let number = |cell: &String| cell.replace(',', "").parse::<usize>().unwrap();
    let written: Vec<Vec<_>> =
        table("Limits of a document").iter().map(|row| row[1..].iter().map(number).collect()).collect();
    let columns = [Limits::ANONYMOUS, Limits::CLIENT, Limits::AGENCY].map(|limits| {
        let Limits { bytes, tokens, depth, fields, root_fields, aliases, directives, cost } = limits;
        [bytes, tokens, depth, MAX_BRACKETS, MAX_NESTING, fields, root_fields, aliases, directives, cost]
    });
    let known: Vec<Vec<_>> = (0..10).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
    assert_eq!(written, known);
}

#[test]
fn the_codes_of_mutations_are_those_of_the_schema() {
    let written: BTreeSet<_> = table("Errors of a mutation").iter().map(|row| row[0].clone()).collect();
    let schema = dossier::graphql::sdl();
    let (_, values) = schema.split_once("enum UserErrorCode {").unwrap();
    let values = values.split('}').next().unwrap().lines().map(str::trim);
    let known: BTreeSet<_> =
        values.filter(|line| !line.is_empty() && !line.starts_with('"')).map(str::to_owned).collect();
    assert_eq!(written, known);
}
