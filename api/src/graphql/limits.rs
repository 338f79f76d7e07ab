//! How much one document may ask for, counted before anything else looks at it: the parser descends into every bracket,
//! and the validators follow every fragment spread, so that a few spreads of spreads would keep them busy for years.

use super::{
    lexer::{Token, tokens},
    report::request_error,
};
use crate::error_code::Code;
use async_graphql::{
    Positioned, ServerError,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};
use dossier_core::{credentials::Credentials, viewer::Viewer};
use std::collections::HashMap;

/// How much one document may ask for, of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest document.
    pub bytes: usize,
    /// The most names, values and punctuators.
    pub tokens: usize,
    /// The deepest nesting of fields.
    pub depth: usize,
    /// The most fields, each fragment counted wherever it is spread.
    pub fields: usize,
    /// The most fields at the root of an operation: each is a unit of work or a list of its own.
    pub root_fields: usize,
    /// The most aliases, each fragment counted wherever it is spread.
    pub aliases: usize,
    /// The most directives, each fragment counted wherever it is spread.
    pub directives: usize,
    /// The most points that an operation may cost.
    pub cost: usize,
}

impl Limits {
    /// Who is not signed in signs in, and looks at the schema where that is allowed.
    pub const ANONYMOUS: Self = Self {
        bytes: 8 << 10,
        tokens: 1_000,
        depth: 15,
        fields: 500,
        root_fields: 5,
        aliases: 10,
        directives: 10,
        cost: 100,
    };

    /// A client reads one dossier.
    pub const CLIENT: Self = Self { cost: 2_000, ..Self::AGENCY };

    /// Who works for an agency reads lists of dossiers.
    pub const AGENCY: Self = Self {
        bytes: 64 << 10,
        tokens: 10_000,
        depth: 15,
        fields: 2_000,
        root_fields: 25,
        aliases: 100,
        directives: 100,
        cost: 5_000,
    };

    /// Before anything is read: a token names a session, and not what its member is.
    pub fn of(credentials: &Credentials) -> Self {
        match credentials {
            Credentials::Anonymous => Self::ANONYMOUS,
            Credentials::Bearer(_) => Self::AGENCY,
        }
    }

    /// Once it is known who looks.
    pub fn of_viewer(viewer: &Viewer) -> Self {
        match viewer {
            Viewer::Anonymous | Viewer::SigningIn { .. } => Self::ANONYMOUS,
            Viewer::Member(member) if member.grant.is_client() => Self::CLIENT,
            Viewer::Member(_) | Viewer::Platform | Viewer::Worker | Viewer::System { .. } => Self::AGENCY,
        }
    }
}

/// The most brackets within each other, whoever asks.
pub const MAX_BRACKETS: usize = 50;

/// The most selections within each other, whoever asks: also those of fragments, which a document may chain without end.
/// Everything that reads a document goes down as deep.
pub const MAX_NESTING: usize = 32;

/// Refuses a text that would cost too much to read.
pub fn check_text(document: &str, limits: &Limits) -> Result<(), ServerError> {
    within("bytes", document.len(), limits.bytes)?;
    let Text { tokens, brackets } = Text::of(document);
    within("tokens", tokens, limits.tokens)?;
    within("brackets within each other", brackets, MAX_BRACKETS)
}

/// Refuses a document that asks for too much.
pub fn check(document: &ExecutableDocument, limits: &Limits, introspection: bool) -> Result<(), ServerError> {
    let mut counter = Counter { fragments: &document.fragments, counted: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let count = counter.selections(&operation.node.selection_set.node, 1);
        within("selections within each other", count.nesting, MAX_NESTING)?;
        if count.introspects && !introspection {
            let message = "Introspection is for who is signed in.";
            return Err(request_error(Code::GraphqlValidationFailed, message));
        }
        within("fields", count.fields, limits.fields)?;
        within("fields at its root", count.root, limits.root_fields)?;
        within("levels of fields", count.depth, limits.depth)?;
        within("aliases", count.aliases, limits.aliases)?;
        within("directives", count.directives + operation.node.directives.len(), limits.directives)?;
    }
    Ok(())
}

/// Refuses a value that is over its limit.
pub(super) fn within(what: &str, value: usize, limit: usize) -> Result<(), ServerError> {
    if value <= limit {
        return Ok(());
    }
    // What was counted through spreads of spreads has no end.
    let value = if value > 1_000_000 { "more than 1000000".to_owned() } else { value.to_string() };
    let message = format!("The document has {value} {what}; at most {limit} are taken.");
    Err(request_error(Code::GraphqlValidationFailed, message))
}

/// What can be counted without a parser.
#[derive(Default)]
struct Text {
    tokens: usize,
    /// The most that are open at a time.
    brackets: usize,
}

impl Text {
    fn of(document: &str) -> Self {
        let (mut text, mut open) = (Self::default(), 0_usize);
        for Token { text: token, .. } in tokens(document) {
            match token {
                "{" | "[" | "(" => {
                    open += 1;
                    text.brackets = text.brackets.max(open);
                }
                "}" | "]" | ")" => open = open.saturating_sub(1),
                _ => {}
            }
            text.tokens += 1;
        }
        text
    }
}

/// What a selection counts.
#[derive(Clone, Copy, Default)]
struct Count {
    fields: usize,
    /// Those fields that stand at the top.
    root: usize,
    depth: usize,
    /// The most selections within each other.
    nesting: usize,
    aliases: usize,
    directives: usize,
    /// Whether it asks for the schema.
    introspects: bool,
}

impl Count {
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            root: self.root.saturating_add(other.root),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            introspects: self.introspects || other.introspects,
        }
    }
}

type Fragments = HashMap<async_graphql::Name, Positioned<FragmentDefinition>>;

struct Counter<'d> {
    fragments: &'d Fragments,
    /// What each fragment counts, which makes it linear; a fragment being counted counts nothing, for cycles are the
    /// validators' to refuse.
    counted: HashMap<&'d str, Count>,
}

impl<'d> Counter<'d> {
    /// `level` says within how many others these stand. Too deep, it goes no further.
    fn selections(&mut self, set: &'d SelectionSet, level: usize) -> Count {
        if level > MAX_NESTING || set.items.is_empty() {
            return Count { nesting: usize::from(level > MAX_NESTING), ..Count::default() };
        }
        let sum = |sum: Count, selection: &'d Positioned<Selection>| sum.and(self.selection(&selection.node, level));
        let count = set.items.iter().fold(Count::default(), sum);
        Count { nesting: count.nesting + 1, ..count }
    }

    fn selection(&mut self, selection: &'d Selection, level: usize) -> Count {
        let own = Count { directives: selection.directives().len(), ..Count::default() };
        own.and(match selection {
            Selection::Field(field) => {
                let below = self.selections(&field.node.selection_set.node, level + 1);
                let alias = usize::from(field.node.alias.is_some());
                Count {
                    fields: below.fields.saturating_add(1),
                    root: 1,
                    depth: below.depth + 1,
                    nesting: below.nesting,
                    aliases: below.aliases.saturating_add(alias),
                    directives: below.directives,
                    introspects: below.introspects || ["__schema", "__type"].contains(&field.node.name.node.as_str()),
                }
            }
            Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node, level + 1),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level + 1),
        })
    }

    fn fragment(&mut self, name: &'d str, level: usize) -> Count {
        if let Some(count) = self.counted.get(name) {
            return *count;
        }
        let Some(fragment) = self.fragments.get(name) else { return Count::default() };
        self.counted.insert(name, Count::default());
        let count = self.selections(&fragment.node.selection_set.node, level);
        self.counted.insert(name, count);
        count
    }
}
