//! Objects whose fields are resolved where they stand.
//!
//! The executor of the GraphQL crate makes every field of every object a task, for it might wait. Hardly any does: what
//! an object shows was read with it. Here a field becomes a task once it waits.

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::{IndexMap, map::Entry},
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
    resolver_utils::resolve_container,
};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::{borrow::Cow, future::poll_fn, mem::replace, pin::Pin, task::Poll};

/// An object whose fields are resolved where they stand; nothing else about it is different.
pub struct Prompt<T>(pub T);

impl<T: ObjectType> ObjectType for Prompt<T> {}

impl<T: ObjectType> ContainerType for Prompt<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await
    }
}

impl<T: ObjectType> OutputType for Prompt<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        // Boxed, for objects have objects in their fields, and so on without an end.
        let resolving: BoxFuture<'_, _> = match Selected::of::<T>(ctx) {
            Some(selected) => Box::pin(selected.resolve(ctx, &self.0)),
            None => Box::pin(resolve_container(ctx, &self.0)),
        };
        resolving.await
    }
}

/// The fields that are selected of an object, and what they come to, in the same order.
struct Selected<'q> {
    fields: Vec<&'q Positioned<Field>>,
    answers: IndexMap<Name, Value>,
}

impl<'q> Selected<'q> {
    /// None where fields have to be merged, or a fragment is not clearly of this type: the crate knows what to do.
    fn of<T: ObjectType>(ctx: &ContextSelectionSet<'q>) -> Option<Self> {
        let mut selected = Self { fields: Vec::new(), answers: IndexMap::new() };
        selected.add(ctx, &T::type_name(), &ctx.item.node)?;
        Some(selected)
    }

    fn add(&mut self, ctx: &ContextSelectionSet<'q>, name: &str, set: &'q SelectionSet) -> Option<()> {
        self.fields.reserve(set.items.len());
        self.answers.reserve(set.items.len());
        for selection in &set.items {
            let (condition, fragment) = match &selection.node {
                Selection::Field(field) => {
                    match self.answers.entry(field.node.response_key().node.clone()) {
                        Entry::Vacant(answer) => answer.insert(Value::Null),
                        Entry::Occupied(_) => return None,
                    };
                    self.fields.push(field);
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &ctx.query_env.fragments.get(&spread.node.fragment_name.node)?.node;
                    (Some(&fragment.type_condition), &fragment.selection_set)
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
            };
            let interfaces = || ctx.schema_env.registry.implements.get(name);
            let applies = condition.map(|condition| condition.node.on.node.as_str()).is_none_or(|condition| {
                condition == name || interfaces().is_some_and(|interfaces| interfaces.contains(condition))
            });
            if !applies {
                return None;
            }
            self.add(ctx, name, &fragment.node)?;
        }
        Some(())
    }

    async fn resolve<T: ObjectType>(self, ctx: &ContextSelectionSet<'_>, object: &T) -> ServerResult<Value> {
        let Self { fields, mut answers } = self;
        let mut failed = Vec::new();
        let mut note = |index: usize, answer| match answer {
            Ok(answer) => answers[index] = answer,
            Err(error) => {
                ctx.add_error(error);
                failed.push(index);
            }
        };
        let mut waiting = poll_fn(|turn| {
            let waiting = FuturesUnordered::new();
            // One after the other in the same place, until one has to stay there.
            let mut place = None;
            for (index, field) in fields.iter().enumerate() {
                let asked = answer(ctx, object, field);
                let mut asked = match place.take() {
                    Some(mut free) => {
                        Pin::set(&mut free, asked);
                        free
                    }
                    None => Box::pin(asked),
                };
                match asked.as_mut().poll(turn) {
                    Poll::Ready(answer) => {
                        note(index, answer);
                        place = Some(asked);
                    }
                    Poll::Pending => waiting.push(async move { (index, asked.await) }),
                }
            }
            Poll::Ready(waiting)
        })
        .await;
        if !waiting.is_empty() {
            // They were asked in this turn, and wake the task when they can go on.
            let mut over = false;
            poll_fn(|_| if replace(&mut over, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        }
        while let Some((index, answer)) = waiting.next().await {
            note(index, answer);
        }
        drop(waiting);
        failed.sort_unstable();
        for index in failed.into_iter().rev() {
            answers.shift_remove_index(index);
        }
        Ok(if answers.is_empty() { Value::Null } else { Value::Object(answers) })
    }
}

async fn answer<T: ObjectType>(
    ctx: &ContextSelectionSet<'_>,
    object: &T,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(Value::String(T::type_name().into_owned()));
    }
    Ok(object.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default())
}
