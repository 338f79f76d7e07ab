//! Objects whose fields are resolved where they stand.
//!
//! The executor of the GraphQL crate makes every field of every object a task, for it might wait. Hardly any does: what
//! an object shows was read with it. Here a field becomes a task once it waits, and what is selected is found out once
//! for all objects of a list.

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::{IndexMap, map::Entry},
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
    resolver_utils::resolve_container,
};
use futures::{
    StreamExt,
    future::{BoxFuture, try_join_all},
    stream::FuturesUnordered,
};
use std::{borrow::Cow, future::poll_fn, mem::replace, pin::Pin, slice, task::Poll};

/// An object whose fields are resolved where they stand; nothing else about it is different.
pub struct Prompt<T>(pub T);

/// A list of such objects.
pub struct Prompts<T>(pub Vec<T>);

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
        let answers = all(ctx, slice::from_ref(ctx), slice::from_ref(&self.0)).await?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }
}

impl<T: ObjectType> OutputType for Prompts<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let places: Vec<_> = (0..self.0.len()).map(|index| ctx.with_index(index)).collect();
        all(ctx, &places, &self.0).await.map(Value::List)
    }
}

/// What is selected of these objects, each in its place. Boxed, for objects have objects in their fields, and so on without
/// an end.
fn all<'a, T: ObjectType>(
    ctx: &'a ContextSelectionSet<'a>,
    places: &'a [ContextSelectionSet<'a>],
    objects: &'a [T],
) -> BoxFuture<'a, ServerResult<Vec<Value>>> {
    if let Some(selected) = Selected::of::<T>(ctx) {
        return Box::pin(async move { Ok(selected.resolve(places, objects).await) });
    }
    let each = places.iter().zip(objects).map(|(ctx, object)| resolve_container(ctx, object));
    Box::pin(try_join_all(each))
}

/// The fields that are selected of an object, and room for what each comes to.
struct Selected<'q> {
    fields: Vec<&'q Positioned<Field>>,
    blank: IndexMap<Name, Value>,
}

impl<'q> Selected<'q> {
    /// None where fields have to be merged, or a fragment is not clearly of this type: the crate knows what to do.
    fn of<T: ObjectType>(ctx: &ContextSelectionSet<'q>) -> Option<Self> {
        let count = ctx.item.node.items.len();
        let mut selected = Self { fields: Vec::with_capacity(count), blank: IndexMap::with_capacity(count) };
        selected.add(ctx, &T::type_name(), &ctx.item.node)?;
        Some(selected)
    }

    fn add(&mut self, ctx: &ContextSelectionSet<'q>, name: &str, set: &'q SelectionSet) -> Option<()> {
        for selection in &set.items {
            let (condition, fragment) = match &selection.node {
                Selection::Field(field) => {
                    match self.blank.entry(field.node.response_key().node.clone()) {
                        Entry::Vacant(blank) => blank.insert(Value::Null),
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

    async fn resolve<T: ObjectType>(self, places: &[ContextSelectionSet<'_>], objects: &[T]) -> Vec<Value> {
        let Self { fields, blank } = self;
        let mut answers = vec![blank; objects.len()];
        let mut note = |object: usize, field: usize, answer| match answer {
            Ok(answer) => answers[object][field] = answer,
            // It stays null.
            Err(error) => places[object].add_error(error),
        };
        let waiting = poll_fn(|turn| {
            let mut waiting = Vec::new();
            // One after the other in the same room, until one has to stay there.
            let mut room = None;
            for (index, (ctx, object)) in places.iter().zip(objects).enumerate() {
                for (at, field) in fields.iter().enumerate() {
                    let asked = answer(ctx, object, field);
                    let mut asked = match room.take() {
                        Some(mut free) => {
                            Pin::set(&mut free, asked);
                            free
                        }
                        None => Box::pin(asked),
                    };
                    match asked.as_mut().poll(turn) {
                        Poll::Ready(answer) => {
                            note(index, at, answer);
                            room = Some(asked);
                        }
                        Poll::Pending => waiting.push(async move { (index, at, asked.await) }),
                    }
                }
            }
            Poll::Ready(waiting)
        })
        .await;
        if !waiting.is_empty() {
            let mut waiting: FuturesUnordered<_> = waiting.into_iter().collect();
            // They were asked in this turn, and wake the task when they can go on.
            let mut over = false;
            poll_fn(|_| if replace(&mut over, true) { Poll::Ready(()) } else { Poll::Pending }).await;
            while let Some((index, at, answer)) = waiting.next().await {
                note(index, at, answer);
            }
        }
        answers.into_iter().map(Value::Object).collect()
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
