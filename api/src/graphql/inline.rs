//! Objects whose fields are resolved in place.
//!
//! The executor of the GraphQL crate turns every field of every object into a task, because the field might wait. Few
//! fields wait, because the row of an object was read before. Here, a field becomes a task only when it waits. The
//! selection is computed once for all objects of a list, and the size of the response is counted while it grows.

use super::{budget::Budget, request::Request};
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection},
    registry::Registry,
};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::{
    borrow::Cow,
    future::{pending, poll_fn},
    mem::replace,
    pin::Pin,
    slice,
    sync::Arc,
    task::Poll,
};

/// An object whose fields are resolved in place.
pub struct Inline<T>(pub T);

/// A list of objects whose fields are resolved in place.
pub struct InlineList<T>(pub Vec<T>);

impl<T> FromIterator<T> for InlineList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(objects: I) -> Self {
        Self(objects.into_iter().collect())
    }
}

impl<T: ObjectType> ObjectType for Inline<T> {}

impl<T: ObjectType> ContainerType for Inline<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await
    }
}

impl<T: ObjectType> OutputType for Inline<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let answers = resolve(ctx, slice::from_ref(ctx), slice::from_ref(&self.0)).await;
        Ok(answers.into_iter().next().unwrap_or_default())
    }
}

impl<T: ObjectType> OutputType for InlineList<T> {
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
        let contexts: Vec<_> = (0..self.0.len()).map(|index| ctx.with_index(index)).collect();
        Ok(Value::List(resolve(ctx, &contexts, &self.0).await))
    }
}

/// Resolves the selections of these objects, each in its own context. Boxed, because objects contain objects to any
/// depth.
fn resolve<'a, T: ObjectType>(
    ctx: &'a ContextSelectionSet<'a>,
    contexts: &'a [ContextSelectionSet<'a>],
    objects: &'a [T],
) -> BoxFuture<'a, Vec<Value>> {
    Box::pin(Selected::of(ctx).resolve(contexts, objects))
}

/// The selected fields of an object. Each has its own key, because [`super::coerce`] merged them.
struct Selected<'q> {
    fields: Vec<&'q Positioned<Field>>,
    budget: Option<&'q Budget>,
}

/// The number of objects that are resolved before a turn may end.
const CHUNK: usize = 64;

impl<'q> Selected<'q> {
    fn of(ctx: &ContextSelectionSet<'q>) -> Self {
        let fields = ctx.item.node.items.iter().filter_map(|selection| match &selection.node {
            Selection::Field(field) => Some(field),
            // Objects of one type have no fragments after coercion.
            Selection::InlineFragment(_) | Selection::FragmentSpread(_) => None,
        });
        Self { fields: fields.collect(), budget: ctx.data_opt::<Arc<Request>>().map(|request| &request.budget) }
    }

    async fn resolve<T: ObjectType>(self, contexts: &[ContextSelectionSet<'_>], objects: &[T]) -> Vec<Value> {
        let Self { fields, budget } = &self;
        let blank: IndexMap<Name, Value> =
            fields.iter().map(|field| (field.node.response_key().node.clone(), Value::Null)).collect();
        let mut answers = vec![blank; objects.len()];
        let mut is_exhausted = false;
        let mut note = |object: usize, field: usize, answer| match answer {
            Ok(answer) => {
                is_exhausted |= budget.is_some_and(|budget| !budget.take(&answer));
                if !is_exhausted {
                    answers[object][field] = answer;
                }
                is_exhausted
            }
            // The field stays null.
            Err(error) => {
                contexts[object].add_error(error);
                false
            }
        };
        let mut waiting = Vec::new();
        let (mut index, mut same_turn) = (0, true);
        while index < objects.len() {
            let end = objects.len().min(index + CHUNK);
            let exhausted = poll_fn(|turn| {
                // The fields share one allocation until a field has to wait in it.
                let mut allocation = None;
                for (object, (ctx, value)) in contexts.iter().zip(objects).enumerate().take(end).skip(index) {
                    for (field, selected) in fields.iter().enumerate() {
                        let resolved = resolve_field(ctx, value, selected);
                        let mut resolved = match allocation.take() {
                            Some(mut free) => {
                                Pin::set(&mut free, resolved);
                                free
                            }
                            None => Box::pin(resolved),
                        };
                        match resolved.as_mut().poll(turn) {
                            Poll::Ready(answer) => {
                                if note(object, field, answer) {
                                    return Poll::Ready(true);
                                }
                                allocation = Some(resolved);
                            }
                            Poll::Pending => waiting.push(async move { (object, field, resolved.await) }),
                        }
                    }
                }
                Poll::Ready(false)
            })
            .await;
            if exhausted {
                // The operation is about to end.
                pending::<()>().await;
            }
            index = end;
            if let Some(budget) = budget {
                same_turn &= !budget.end_long_turn().await;
            }
        }
        if !waiting.is_empty() {
            let mut waiting: FuturesUnordered<_> = waiting.into_iter().collect();
            // The futures were polled in this turn, and they wake the task. In a later turn, they may already have
            // woken it.
            let mut over = !same_turn;
            poll_fn(|_| if replace(&mut over, true) { Poll::Ready(()) } else { Poll::Pending }).await;
            while let Some((object, field, answer)) = waiting.next().await {
                if note(object, field, answer) {
                    pending::<()>().await;
                }
            }
        }
        answers.into_iter().map(Value::Object).collect()
    }
}

async fn resolve_field<T: ObjectType>(
    ctx: &ContextSelectionSet<'_>,
    object: &T,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(Value::String(T::type_name().into_owned()));
    }
    Ok(object.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default())
}
