//! A person with a token, changing rights, and times without access.

use super::{
    record::{Phase, Sentence},
    sight::Rights,
};
use std::{sync::Mutex, time::Instant};
use uuid::Uuid;

pub struct Person {
    pub name: String,
    pub organization: Uuid,
    token: Mutex<String>,
    phases: Mutex<Vec<Phase>>,
    sentences: Mutex<Vec<Sentence>>,
}

impl Person {
    pub fn new(name: &str, organization: Uuid, token: String, rights: Rights) -> Self {
        Self {
            name: name.to_owned(),
            organization,
            token: Mutex::new(token),
            phases: Mutex::new(vec![Phase { rights, since: None, until: None }]),
            sentences: Mutex::default(),
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

    pub fn sentences(&self) -> Vec<Sentence> {
        self.sentences.lock().unwrap().clone()
    }

    /// Records that access is about to end. From now on it may be refused.
    pub fn shut_out(&self) {
        let now = Instant::now();
        self.sentences.lock().unwrap().push(Sentence { asked: now, from: now, until: None });
    }

    /// Records that access has ended.
    pub fn surely_out(&self) {
        self.sentences.lock().unwrap().last_mut().unwrap().from = Instant::now();
    }

    /// Records that access is restored, perhaps with another token.
    pub fn let_in(&self, token: Option<String>) {
        if let Some(sentence) = self.sentences.lock().unwrap().last_mut() {
            sentence.until = Some(Instant::now());
        }
        if let Some(token) = token {
            *self.token.lock().unwrap() = token;
        }
    }

    /// Records that rights have changed between `asked` and now.
    pub fn becomes(&self, rights: Rights, asked: Instant) {
        let mut phases = self.phases.lock().unwrap();
        phases.last_mut().unwrap().until = Some(Instant::now());
        phases.push(Phase { rights, since: Some(asked), until: None });
    }
}

pub fn email(name: &str) -> String {
    format!("{name}@people.example")
}
