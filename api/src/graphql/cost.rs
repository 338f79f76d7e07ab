//! What an operation may cost: the objects that it may have to read. A lookup costs 1, a page as many as it may have
//! rows, with all that hangs on each. Counted from the schema and the page sizes that are asked for, before anything is
//! read; the answer tells it in `extensions.cost`.

use super::{
    coerce::root_type,
    execute::find_operation,
    introspection,
    report::{Code, refusal},
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

/// The objects of a list that has no pages, as far as anybody knows before reading it.
const LIST: usize = 20;

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

    /// What this operation of a document may cost.
    pub fn of(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<usize, ServerError> {
        let Self(registry) = self;
        let Some(operation) = find_operation(document, name) else {
            return Err(refusal(Code::OperationResolutionFailure, "There is no such operation."));
        };
        let mut counter =
            Counter { registry, fragments: &document.fragments, operation, variables, counted: HashMap::new() };
        let root = root_type(registry, operation.ty);
        let set = &operation.selection_set.node;
        let rows = root.map_or(0, |root| counter.selections(root, set, 1));
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
    /// What each fragment costs on pages of a size; one that is being counted costs nothing, for cycles are the
    /// validators' to refuse.
    counted: HashMap<(&'d str, usize), usize>,
}

impl<'d> Counter<'d> {
    /// `page` is how many rows the nodes and edges stand for, within a connection.
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
        let registry = self.registry;
        let meta = registry.types.get(kind).and_then(|kind| kind.field_by_name(&field.name.node));
        let Some(MetaField { ty, .. }) = meta.filter(|_| !field.selection_set.node.items.is_empty()) else { return 0 };
        let object = ty.trim_matches(['[', ']', '!']);
        if is_paged(object) {
            let rows = self.page(field);
            return self.selections(object, &field.selection_set.node, rows).max(1);
        }
        let times = match (ty.starts_with('['), is_paged(kind)) {
            (false, _) => 1,
            (true, true) => page,
            (true, false) => LIST,
        };
        let below = self.selections(object, &field.selection_set.node, 1);
        times.saturating_mul(below.saturating_add(own(object)))
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
        let size = ["first", "last"].into_iter().find_map(|name| {
            let value = field.get_argument(name)?.node.clone();
            match value.into_const_with(|name| Ok::<_, ()>(self.variable(&name))) {
                Ok(Value::Number(size)) => size.as_u64(),
                _ => None,
            }
        });
        let rows = size.map_or(DEFAULT_PAGE, |size| u32::try_from(size).unwrap_or(MAX_PAGE).min(MAX_PAGE));
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    fn variable(&self, name: &Name) -> Value {
        let defined =
            || self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == *name);
        let default =
            || defined().and_then(|definition| definition.node.default_value.as_ref()).map(|value| &value.node);
        self.variables.get(name).or_else(default).cloned().unwrap_or_default()
    }
}

/// What an object of this type costs itself: nothing, when it is made of what was read anyway.
fn own(object: &str) -> usize {
    let made = object.starts_with("__") || object.ends_with("Edge") || ["PageInfo", "UserError"].contains(&object);
    usize::from(!made)
}

/// Whether an object holds a page of others.
fn is_paged(object: &str) -> bool {
    object.ends_with("Connection") || object.ends_with("Feed")
}

fn condition(condition: &Positioned<TypeCondition>) -> &str {
    &condition.node.on.node
}
