//! The measured operations.

use clap::ValueEnum;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Operation {
    A,
    B,
    C,
    D,
    E,
}

pub const SUBMIT: &str = "mutation($input: SubmitValidationRequestInput!) { submitValidationRequest(input: $input) \
    { validationRequest { id status revision } userErrors { code } } }";

pub const APPROVE: &str = "mutation($input: ApproveValidationRequestInput!) { approveValidationRequest(input: $input) \
    { validationRequest { id status revision } userErrors { code } } }";

impl Operation {
    /// Returns the document, or the first of the two documents of E.
    pub fn query(self) -> &'static str {
        match self {
            Self::A => "query($id: ID!) { client(id: $id) { id name email status } }",
            Self::B => {
                "query($after: String) { clients(first: 20, after: $after) \
                 { nodes { id name email status createdAt } } }"
            }
            Self::C => {
                "query($after: String) { clients(first: 20, after: $after) { nodes { id name \
                 documents(first: 10) { nodes { id name zone status } } \
                 conversations(first: 5) { nodes { id subject messages(last: 3) { nodes { id body } } } } } } }"
            }
            Self::D => {
                "query($filter: DocumentFilter, $after: String) \
                 { documents(first: 20, after: $after, filter: $filter, orderBy: UPDATED_AT_DESC) \
                 { nodes { id name zone status updatedAt } totalCount } }"
            }
            Self::E => SUBMIT,
        }
    }

    /// Returns the path of the limit's endpoint.
    pub fn path(self) -> &'static str {
        match self {
            Self::A => "/point",
            Self::B => "/list",
            Self::C => "/nested",
            Self::D => "/filtered",
            Self::E => "/submit",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::A => "A point",
            Self::B => "B list",
            Self::C => "C nested",
            Self::D => "D filtered",
            Self::E => "E decide",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
