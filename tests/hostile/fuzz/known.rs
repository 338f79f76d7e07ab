//! Ids and cursors from the server's answers, because nearly valid requests must start from valid ones.

use crate::support::Value;
use dossier_seed::generated::Random;
use std::sync::{Mutex, PoisonError};

/// The maximum number of values of each kind.
const MOST: usize = 300;

#[derive(Default)]
pub struct Known {
    ids: Mutex<Vec<String>>,
    cursors: Mutex<Vec<String>>,
}

impl Known {
    /// Stores the ids and cursors of an answer.
    pub fn learn(&self, answer: &Value, random: &mut Random) {
        match answer {
            Value::Array(items) => {
                for item in items {
                    self.learn(item, random);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(id) if name == "id" || name.ends_with("Id") => keep(&self.ids, id, random),
                        Some(cursor) if name.to_lowercase().ends_with("cursor") => keep(&self.cursors, cursor, random),
                        _ => self.learn(value, random),
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns an id. Usually its type fits the place, as far as names tell.
    pub fn id(&self, place: &str, random: &mut Random) -> Option<String> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let place = place.to_lowercase();
        let fits = |id: &&String| id.rsplit_once('_').is_some_and(|(kind, _)| place.contains(&kind.replace('_', "")));
        let fitting: Vec<_> = ids.iter().filter(fits).collect();
        let fitting = if fitting.is_empty() || random.percent(10) { ids.iter().collect() } else { fitting };
        (!fitting.is_empty()).then(|| (*random.one(&fitting)).clone())
    }

    /// Returns a cursor of a page or of an event.
    pub fn cursor(&self, random: &mut Random) -> Option<String> {
        let cursors = self.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        (!cursors.is_empty()).then(|| random.one(&cursors).clone())
    }
}

fn keep(kept: &Mutex<Vec<String>>, one: &str, random: &mut Random) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < MOST {
        kept.push(one.to_owned());
    } else {
        let place = usize::try_from(random.below(MOST as u64)).unwrap();
        one.clone_into(&mut kept[place]);
    }
}
