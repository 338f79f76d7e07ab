//! The cost of an operation, in points.
//!
//! Its document is counted before anything is read: a page costs the rows that it may have, and one lookup for each row that it
//! hangs on; a mutation costs [`MUTATION`]. Objects that are made of what was read anyway cost nothing. After it was
//! executed, [`ROWS_PER_POINT`] rows that it looked at to count, sum or search cost a point. `extensions.cost` tells the
//! sum. It depends on the document, its variables and rows that the viewer sees, and on nothing else.

use super::{
    coerce::root_type,
    execute::find_operation,
    introspection,
    report::{Code, refusal},
    selection::OF_PAGE,
};
use crate::access::{DEFAULT_PAGE, MAX_PAGE};
use async_graphql::{
    Name, ObjectType, Positioned, ServerError, SubscriptionType, Value, Variables,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
        TypeCondition,
    },
    registry::{MetaField, Registry},
};
use std::collections::HashMap;

/// How many rows that are looked at cost a point.
const ROWS_PER_POINT: u64 = 100;

/// A mutation: about ten statements and their commit.
const MUTATION: usize = 10;

/// The rows of a list that has no pages, as far as anybody knows before reading it.
const LIST: usize = 10;

/// Reading events that a filter leaves goes past all others that are kept.
const FILTERED_EVENTS: usize = 100;

/// Returns the cost of so many rows that were looked at.
pub fn points_of(rows: u64) -> usize {
    usize::try_from(rows / ROWS_PER_POINT).unwrap_or(usize::MAX)
}

/// How many rows may be looked at for so many points.
pub fn rows_for(points: usize) -> u64 {
    u64::try_from(points).unwrap_or(u64::MAX).saturating_mul(ROWS_PER_POINT)
}

/// What the operations of a schema may cost.
pub struct Costs(Registry);

impl Costs {
    /// Of the schema with these roots.
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

    /// The types of the schema.
    pub fn registry(&self) -> &Registry {
        &self.0
    }

    /// Returns the cost of this operation of a document before anything is read.
    pub fn of(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<usize, ServerError> {
        self.counted(document, name, variables, false)
    }

    /// Returns the cost of delivering one event to this subscription of a document.
    pub fn of_event(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<usize, ServerError> {
        self.counted(document, name, variables, true)
    }

    fn counted(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
        delivers: bool,
    ) -> Result<usize, ServerError> {
        let Self(registry) = self;
        let Some(operation) = find_operation(document, name) else {
            return Err(refusal(Code::OperationResolutionFailure, "There is no such operation."));
        };
        let (fragments, counted) = (&document.fragments, HashMap::new());
        let mut costs = Counter { registry, fragments, operation, variables, delivers, counted };
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
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &'d OperationDefinition,
    variables: &'d Variables,
    /// One event is delivered, which was read before.
    delivers: bool,
    /// The cost of each fragment on pages of a size. One that is being counted costs nothing, because the validators
    /// refuse cycles.
    counted: HashMap<(&'d str, usize), usize>,
}

impl<'d> Counter<'d> {
    /// Returns the cost of what is selected of one object. `page` is how many rows it lists, if it is a page of others.
    fn selections(&mut self, kind: &'d str, set: &'d SelectionSet, page: usize) -> usize {
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => self.field(kind, &field.node, page),
            Selection::InlineFragment(fragment) => {
                let kind = fragment.node.type_condition.as_ref().map_or(kind, condition);
                self.selections(kind, &fragment.node.selection_set.node, page)
            }
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, page),
        });
        costs.fold(0, usize::saturating_add)
    }

    fn field(&mut self, kind: &'d str, field: &'d Field, page: usize) -> usize {
        let (registry, name) = (self.registry, field.name.node.as_str());
        let meta = registry.types.get(kind).and_then(|kind| kind.field_by_name(name));
        let Some(MetaField { ty, .. }) = meta else { return 0 };
        let object = ty.trim_matches(['[', ']', '!']);
        let below = &field.selection_set.node;
        if object.ends_with("Connection") {
            let rows = self.page(field);
            let read = if self.reads_page(below) { rows.max(1) } else { 0 };
            return self.selections(object, below, rows).saturating_add(read).max(1);
        }
        if object.ends_with("Feed") {
            let rows = self.page(field);
            return self.selections(object, below, rows).saturating_add(rows.max(1)).saturating_add(self.events(field));
        }
        let times = if !ty.starts_with('[') {
            1
        } else if kind.ends_with("Connection") || kind.ends_with("Feed") {
            page
        } else {
            length(name)
        };
        let extra = if registry.subscription_type.as_deref() == Some(kind) { 1 + self.events(field) } else { 0 };
        let each = self.selections(object, below, 1).saturating_add(self.own(kind, name, object));
        times.saturating_mul(each).saturating_add(extra)
    }

    /// Returns the cost of a field for each object that it shows.
    fn own(&self, kind: &str, field: &str, object: &str) -> usize {
        if self.registry.mutation_type.as_deref() == Some(kind) {
            return MUTATION;
        }
        match (kind, field) {
            // The rows of a page were counted with the page.
            (kind, "nodes" | "edges") if kind.ends_with("Connection") => return 0,
            (kind, "node") if kind.ends_with("Edge") => return 0,
            // The amount's currency is the invoice's.
            ("Payment", "amount") => return 1,
            (kind, "totalCount") if kind.ends_with("Connection") => return 1,
            _ => {}
        }
        match object {
            // Made of what was read anyway.
            "Actor" | "Header" | "Money" | "PageInfo" | "Submitter" | "UserError" => 0,
            _ if object.starts_with("__") || !self.is_composite(object) => 0,
            _ => 1,
        }
    }

    fn is_composite(&self, object: &str) -> bool {
        self.registry.types.get(object).is_some_and(async_graphql::registry::MetaType::is_composite)
    }

    /// Returns the cost of reading events, besides the events.
    fn events(&self, field: &Field) -> usize {
        let given = |name| self.argument(field, name).is_some_and(|value| value != Value::Null);
        let filters = ["types", "clientId", "conversationId", "assignedToMe"];
        let reads = self.operation.ty == OperationType::Query || given("after") && !self.delivers;
        if reads && filters.into_iter().any(given) { FILTERED_EVENTS } else { 0 }
    }

    /// Whether a page is read, or only counted.
    fn reads_page(&self, set: &SelectionSet) -> bool {
        let mut sets = vec![set];
        let mut seen = Vec::new();
        while let Some(set) = sets.pop() {
            for selection in &set.items {
                match &selection.node {
                    Selection::Field(field) if OF_PAGE.contains(&field.node.name.node.as_str()) => return true,
                    Selection::Field(_) => {}
                    Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                    Selection::FragmentSpread(spread) => {
                        let name = &spread.node.fragment_name.node;
                        if !seen.contains(&name) {
                            seen.push(name);
                            sets.extend(self.fragments.get(name).map(|fragment| &fragment.node.selection_set.node));
                        }
                    }
                }
            }
        }
        false
    }

    fn fragment(&mut self, name: &'d str, page: usize) -> usize {
        if let Some(cost) = self.counted.get(&(name, page)) {
            return *cost;
        }
        let Some(fragment) = self.fragments.get(name) else { return 0 };
        self.counted.insert((name, page), 0);
        let kind = condition(&fragment.node.type_condition);
        let cost = self.selections(kind, &fragment.node.selection_set.node, page);
        self.counted.insert((name, page), cost);
        cost
    }

    /// How many rows a connection may have. What is no size at all is refused elsewhere.
    fn page(&self, field: &Field) -> usize {
        let size = ["first", "last"].into_iter().find_map(|name| match self.argument(field, name)? {
            Value::Number(size) => size.as_u64(),
            _ => None,
        });
        let rows = size.map_or(DEFAULT_PAGE, |size| u32::try_from(size).unwrap_or(MAX_PAGE).min(MAX_PAGE));
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        value.into_const_with(|name| Ok::<_, ()>(self.variable(&name))).ok()
    }

    fn variable(&self, name: &Name) -> Value {
        let defined =
            || self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == *name);
        let default =
            || defined().and_then(|definition| definition.node.default_value.as_ref()).map(|value| &value.node);
        self.variables.get(name).or_else(default).cloned().unwrap_or_default()
    }
}

/// How many objects a list without pages counts as. The sums of a dossier are one row, as a rule.
fn length(field: &str) -> usize {
    if field == "figures" { 1 } else { LIST }
}

fn condition(condition: &Positioned<TypeCondition>) -> &str {
    &condition.node.on.node
}
