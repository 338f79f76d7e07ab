//! A person with a token, changing rights, and times without access.

use super::{
    record::{AccessGap, Phase},
    rules::Rights,
};
use std::{sync::Mutex, time::Instant};
use uuid::Uuid;

pub struct Person {
    pub name: String,
    pub organization: Uuid,
    token: Mutex<String>,
    phases: Mutex<Vec<Phase>>,
    access_gaps: Mutex<Vec<AccessGap>>,
}

impl Person {
    pub fn new(name: &str, organization: Uuid, token: String, rights: Rights) -> Self {
        Self {
            name: name.to_owned(),
            organization,
            token: Mutex::new(token),
            phases: Mutex::new(vec![Phase { rights, since: None, until: None }]),
            access_gaps: Mutex::default(),
        }
    }

    pub fn email(&self) -> String {
        email(&self.name)
    }

    pub fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    pub fn phases(&self) -> Vec<Phase> {
        self.phases.lock().unwrap().clone()
    }

    pub fn access_gaps(&self) -> Vec<AccessGap> {
        self.access_gaps.lock().unwrap().clone()
    }

    /// Records that access is about to end. From now on it may be refused.
    pub fn access_ending(&self) {
        let now = Instant::now();
        self.access_gaps.lock().unwrap().push(AccessGap { asked: now, from: now, until: None });
    }

    /// Records that access has ended.
    pub fn access_ended(&self) {
        self.access_gaps.lock().unwrap().last_mut().unwrap().from = Instant::now();
    }

    /// Records that access is restored, perhaps with another token.
    pub fn access_restored(&self, token: Option<String>) {
        if let Some(gap) = self.access_gaps.lock().unwrap().last_mut() {
            gap.until = Some(Instant::now());
        }
        if let Some(token) = token {
            *self.token.lock().unwrap() = token;
        }
    }

    /// Records that rights have changed between `asked` and now.
    pub fn set_rights(&self, rights: Rights, asked: Instant) {
        let mut phases = self.phases.lock().unwrap();
        phases.last_mut().unwrap().until = Some(Instant::now());
        phases.push(Phase { rights, since: Some(asked), until: None });
    }
}

pub fn email(name: &str) -> String {
    format!("{name}@people.example")
}
