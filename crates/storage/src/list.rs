//! Listing objects, for comparing the store with the database.

use super::{Error, Objects, error};
use std::collections::BTreeMap;

impl Objects {
    /// Returns the sizes in bytes of all objects whose keys begin with this prefix, by key.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(&self, prefix: &str) -> Result<BTreeMap<String, u64>, Error> {
        let mut found = BTreeMap::new();
        let request = self.client.list_objects_v2().bucket(self.bucket()).prefix(prefix);
        let mut pages = request.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|cause| Error::store("list objects", prefix, &cause))?;
            let objects = page.contents.unwrap_or_default().into_iter();
            found.extend(objects.filter_map(|object| {
                Some((object.key?, object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default()))
            }));
        }
        Ok(found)
    }

    /// Returns the size of an object in bytes. `None` if it is not there.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn size(&self, key: &str) -> Result<Option<u64>, Error> {
        match self.client.head_object().bucket(self.bucket()).key(key).send().await {
            Ok(object) => Ok(object.content_length.and_then(|size| u64::try_from(size).ok())),
            Err(cause) if error::is(&cause, &["NotFound", "NoSuchKey"]) => Ok(None),
            Err(cause) if cause.raw_response().is_some_and(|answer| answer.status().as_u16() == 404) => Ok(None),
            Err(cause) => Err(Error::store("look at an object", key, &cause)),
        }
    }
}
