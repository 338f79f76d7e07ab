//! The cost of an operation, in points.
//!
//! The document is priced before anything is read. A page costs its maximum number of rows, and one lookup for each row
//! that it belongs to. A mutation costs [`MUTATION`]. Objects made from rows that are read anyway cost nothing. After
//! the execution, every [`ROWS_PER_POINT`] rows that the operation scanned to count, sum or search cost one point.
//! `extensions.cost` contains the sum. The cost depends only on the document, its variables, and rows that the viewer
//! sees.

use super::{coerce::root_type, introspection, report::request_error, selection::OF_PAGE};
use crate::error_code::Code;
use async_graphql::{
    ObjectType, ServerError, SubscriptionType, Value,
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
    registry::{MetaField, Registry},
};
use dossier_data::{DEFAULT_PAGE, MAX_PAGE};

/// The number of scanned rows that cost one point.
const ROWS_PER_POINT: u64 = 100;

/// The cost of a mutation: about ten statements and a commit.
const MUTATION: usize = 10;

/// The cost of each item of a mutation with several: about as much as a small mutation.
const ITEM: usize = 5;

/// The assumed number of rows in a list without pages.
const LIST: usize = 10;

/// The cost of a filter on events, which scans all other stored events.
const FILTERED_EVENTS: usize = 100;

/// The mutations that do something with each item of a list in their input.
const BATCHES: [&str; 2] = ["requestUploads", "completeUploads"];

/// The cost of a call to the object store.
const STORE: usize = 5;

/// Returns the cost of this number of scanned rows.
pub fn points_of(rows: u64) -> usize {
    usize::try_from(rows / ROWS_PER_POINT).unwrap_or(usize::MAX)
}

/// Returns the number of rows that may be scanned for this number of points.
pub fn rows_for(points: usize) -> u64 {
    u64::try_from(points).unwrap_or(u64::MAX).saturating_mul(ROWS_PER_POINT)
}

/// Computes the costs of a schema's operations.
pub struct Costs(Registry);

impl Costs {
    /// Creates the costs of the schema with these roots.
    pub fn of_schema<Q: ObjectType, M: ObjectType, S: SubscriptionType>() -> Self {
        let mut registry = Registry {
            query_type: Q::type_name().into_owned(),
            mutation_type: Some(M::type_name().into_owned()),
            subscription_type: Some(S::type_name().into_owned()),
            ..Registry::default()
        };
        Q::create_type_info(&mut registry);
        M::create_type_info(&mut registry);
        S::create_type_info(&mut registry);
        Self(registry)
    }

    /// Returns the types of the schema.
    pub fn registry(&self) -> &Registry {
        &self.0
    }

    /// Returns the cost of an operation before anything is read.
    pub fn of(&self, document: &ExecutableDocument) -> Result<usize, ServerError> {
        self.counted(document, false)
    }

    /// Returns the cost of delivering one event to a subscription.
    pub fn of_event(&self, document: &ExecutableDocument) -> Result<usize, ServerError> {
        self.counted(document, true)
    }

    /// The document must be coerced: it has one operation, and no variables and fragments.
    fn counted(&self, document: &ExecutableDocument, delivers: bool) -> Result<usize, ServerError> {
        let Self(registry) = self;
        let Some(operation) = document.operations.iter().next().map(|(_, operation)| &operation.node) else {
            return Err(request_error(Code::OperationResolutionFailure, "The document has no such operation."));
        };
        let costs = Counter { registry, kind: operation.ty, delivers };
        let root = root_type(registry, operation.ty);
        let set = &operation.selection_set.node;
        let rows = root.map_or(0, |root| costs.selections(root, set, 1));
        let schema = match operation.ty {
            OperationType::Query => introspection::cost(registry, set)?,
            OperationType::Mutation | OperationType::Subscription => 0,
        };
        Ok(rows.saturating_add(schema).max(1))
    }
}

struct Counter<'d> {
    registry: &'d Registry,
    /// The kind of the operation.
    kind: OperationType,
    /// Whether one event is delivered, which was read before.
    delivers: bool,
}

impl<'d> Counter<'d> {
    /// Returns the cost of the selections of one object. `page` is the number of rows that the object lists.
    fn selections(&self, kind: &'d str, set: &'d SelectionSet, page: usize) -> usize {
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => self.field(kind, &field.node, page),
            Selection::InlineFragment(fragment) => {
                let kind = fragment.node.type_condition.as_ref().map_or(kind, |condition| &condition.node.on.node);
                self.selections(kind, &fragment.node.selection_set.node, page)
            }
            Selection::FragmentSpread(_) => 0,
        });
        costs.fold(0, usize::saturating_add)
    }

    fn field(&self, kind: &'d str, field: &'d Field, page: usize) -> usize {
        let (registry, name) = (self.registry, field.name.node.as_str());
        let meta = registry.types.get(kind).and_then(|kind| kind.field_by_name(name));
        let Some(MetaField { ty, .. }) = meta else { return 0 };
        let object = ty.trim_matches(['[', ']', '!']);
        let below = &field.selection_set.node;
        if object.ends_with("Connection") {
            let rows = Self::page(field);
            let read = if Self::reads_page(below) { rows.max(1) } else { 0 };
            return self.selections(object, below, rows).saturating_add(read).max(1);
        }
        if object.ends_with("Feed") {
            let rows = Self::page(field);
            return self.selections(object, below, rows).saturating_add(rows.max(1)).saturating_add(self.events(field));
        }
        let items = self.items(kind, field);
        let times = if !ty.starts_with('[') {
            1
        } else if kind.ends_with("Connection") || kind.ends_with("Feed") || name == "results" {
            page
        } else {
            length(name)
        };
        let extra = if registry.subscription_type.as_deref() == Some(kind) { 1 + self.events(field) } else { 0 };
        let each = self.selections(object, below, items.max(1)).saturating_add(self.own(kind, name, object));
        let each = each.saturating_add(items.saturating_mul(ITEM));
        times.saturating_mul(each).saturating_add(extra)
    }

    /// Returns the number of items of a mutation that does something with each item of a list.
    fn items(&self, kind: &str, field: &Field) -> usize {
        if self.registry.mutation_type.as_deref() != Some(kind) || !BATCHES.contains(&field.name.node.as_str()) {
            return 0;
        }
        let Some(Value::Object(input)) = Self::argument(field, "input") else { return 0 };
        let lengths = input.values().map(|value| if let Value::List(items) = value { items.len() } else { 0 });
        lengths.max().unwrap_or_default()
    }

    /// Returns the cost of a field for each object that contains it.
    fn own(&self, kind: &str, field: &str, object: &str) -> usize {
        if self.registry.mutation_type.as_deref() == Some(kind) {
            return MUTATION;
        }
        match (kind, field) {
            // The rows of a page were counted with the page.
            (kind, "nodes" | "edges") if kind.ends_with("Connection") => return 0,
            (kind, "node") if kind.ends_with("Edge") => return 0,
            // They read the invoice for its currency, the membership, and the rows on which a state depends.
            ("Payment", "amount") | ("Actor", "id") | (_, "viewerCan" | "viewerCanUploadTo") => return 1,
            (_, "upload") if object == "Upload" => return STORE,
            (kind, "totalCount") if kind.ends_with("Connection") => return 1,
            _ => {}
        }
        match object {
            // Made from rows that are read anyway.
            "Actor" | "Header" | "Money" | "PageInfo" | "Submitter" | "UserError" => 0,
            _ if object.starts_with("__") || !self.is_composite(object) => 0,
            _ => 1,
        }
    }

    fn is_composite(&self, object: &str) -> bool {
        self.registry.types.get(object).is_some_and(async_graphql::registry::MetaType::is_composite)
    }

    /// Returns the cost of reading events, without the events themselves.
    fn events(&self, field: &Field) -> usize {
        let given = |name| Self::argument(field, name).is_some_and(|value| value != Value::Null);
        let filters = ["types", "clientId", "conversationId", "assignedToMe"];
        let reads = self.kind == OperationType::Query || given("after") && !self.delivers;
        if reads && filters.into_iter().any(given) { FILTERED_EVENTS } else { 0 }
    }

    /// Returns whether a page is read, and not only counted.
    fn reads_page(set: &SelectionSet) -> bool {
        set.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => OF_PAGE.contains(&field.node.name.node.as_str()),
            Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
        })
    }

    /// Returns the maximum number of rows of a connection. Invalid sizes are refused elsewhere.
    fn page(field: &Field) -> usize {
        let size = ["first", "last"].into_iter().find_map(|name| match Self::argument(field, name)? {
            Value::Number(size) => size.as_u64(),
            _ => None,
        });
        let rows = size.map_or(DEFAULT_PAGE, |size| u32::try_from(size).unwrap_or(MAX_PAGE).min(MAX_PAGE));
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    fn argument(field: &Field, name: &str) -> Option<Value> {
        field.get_argument(name)?.node.clone().into_const()
    }
}

/// Returns the assumed length of a list without pages. The sums of a dossier usually have one row, and a list of actions
/// is read as a whole.
fn length(field: &str) -> usize {
    if matches!(field, "figures" | "viewerCan" | "viewerCanUploadTo") { 1 } else { LIST }
}
