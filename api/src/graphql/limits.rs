//! The limits of a document, which are checked first. The parser recurses into every bracket, and the validators follow
//! every fragment spread. A few nested spreads would therefore keep them busy for years.

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

/// The limits of a document for one group of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size in bytes.
    pub bytes: usize,
    /// The maximum number of names, values and punctuators.
    pub tokens: usize,
    /// The maximum depth of fields.
    pub depth: usize,
    /// The maximum number of fields. A fragment counts wherever it is spread.
    pub fields: usize,
    /// The maximum number of fields at the root of an operation. Each is a transaction or a list of its own.
    pub root_fields: usize,
    /// The maximum number of aliases. A fragment counts wherever it is spread.
    pub aliases: usize,
    /// The maximum number of directives. A fragment counts wherever it is spread.
    pub directives: usize,
    /// The maximum cost of an operation, in points.
    pub cost: usize,
}

impl Limits {
    /// Callers without a valid token sign in, and read the schema if that is allowed.
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

    /// Clients read one dossier.
    pub const CLIENT: Self = Self { cost: 2_000, ..Self::AGENCY };

    /// Members of an agency read lists of dossiers.
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

    /// Returns the limits before anything is read. A token names a session, but not the member's role.
    pub fn of(credentials: &Credentials) -> Self {
        match credentials {
            Credentials::Anonymous => Self::ANONYMOUS,
            Credentials::Bearer(_) => Self::AGENCY,
        }
    }

    /// Returns the limits of a known viewer.
    pub fn of_viewer(viewer: &Viewer) -> Self {
        match viewer {
            Viewer::Anonymous | Viewer::SigningIn { .. } => Self::ANONYMOUS,
            Viewer::Member(member) if member.grant.is_client() => Self::CLIENT,
            Viewer::Member(_) | Viewer::Platform { .. } | Viewer::Worker { .. } | Viewer::System { .. } => Self::AGENCY,
        }
    }
}

/// The maximum depth of brackets for all callers.
pub const MAX_BRACKETS: usize = 50;

/// The maximum depth of selections for all callers. It includes the selections of fragments, which a document could
/// chain without end. All code that reads a document recurses this deep.
pub const MAX_NESTING: usize = 32;

/// Refuses a text that would take too long to parse.
pub fn check_text(document: &str, limits: &Limits) -> Result<(), ServerError> {
    within("bytes", document.len(), limits.bytes)?;
    let Text { tokens, brackets } = Text::of(document);
    within("tokens", tokens, limits.tokens)?;
    within("levels of brackets", brackets, MAX_BRACKETS)
}

/// Refuses a document that exceeds the limits.
pub fn check(document: &ExecutableDocument, limits: &Limits, introspection: bool) -> Result<(), ServerError> {
    let mut counter = Counter { fragments: &document.fragments, counted: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let count = counter.selections(&operation.node.selection_set.node, 1);
        within("levels of selections", count.nesting, MAX_NESTING)?;
        if count.introspects && !introspection {
            let message = "Introspection requires a valid access token.";
            return Err(request_error(Code::GraphqlValidationFailed, message));
        }
        within("fields", count.fields, limits.fields)?;
        within("root fields", count.root, limits.root_fields)?;
        within("levels of fields", count.depth, limits.depth)?;
        within("aliases", count.aliases, limits.aliases)?;
        within("directives", count.directives + operation.node.directives.len(), limits.directives)?;
    }
    Ok(())
}

/// Refuses a value that exceeds its limit.
pub(super) fn within(what: &str, value: usize, limit: usize) -> Result<(), ServerError> {
    if value <= limit {
        return Ok(());
    }
    // A count through nested spreads can be arbitrarily large.
    let value = if value > 1_000_000 { "more than 1000000".to_owned() } else { value.to_string() };
    let message = format!("The document has {value} {what}. The limit is {limit}.");
    Err(request_error(Code::GraphqlValidationFailed, message))
}

/// The counts that need no parser.
#[derive(Default)]
struct Text {
    tokens: usize,
    /// The maximum number of open brackets.
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

/// The counts of a selection.
#[derive(Clone, Copy, Default)]
struct Count {
    fields: usize,
    /// The number of fields at the root.
    root: usize,
    depth: usize,
    /// The maximum depth of selections.
    nesting: usize,
    aliases: usize,
    directives: usize,
    /// Whether it reads the schema.
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
    /// The counts of each fragment, so that each is counted once. A fragment in progress counts nothing, because
    /// validation refuses cycles.
    counted: HashMap<&'d str, Count>,
}

impl<'d> Counter<'d> {
    /// `level` is the number of enclosing selections. The recursion stops when it is too deep.
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
