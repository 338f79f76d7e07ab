//! The letters that Dossier writes, in French and English.

use chrono::{Datelike, NaiveDate};
use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

/// The language of a letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// French.
    #[serde(rename = "fr")]
    French,
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Returns the language for a BCP 47 tag such as `fr-FR`. Readers of other languages get English.
    pub fn of(locale: &str) -> Self {
        match locale.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("fr") => Self::French,
            _ => Self::English,
        }
    }

    /// Returns a date as a reader writes it: `7 décembre 2026`.
    pub fn date(self, date: NaiveDate) -> String {
        let month = usize::try_from(date.month0()).unwrap_or_default();
        format!("{} {} {}", date.day(), self.months()[month], date.year())
    }

    fn months(self) -> [&'static str; 12] {
        match self {
            Self::French => [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            Self::English => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

/// A letter, with what it says.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Letter {
    /// Invites a person into an organization.
    Invitation {
        /// The organization's name.
        organization: String,
        /// The name of the member who invites.
        inviter: String,
        /// Where the invitation is accepted.
        link: String,
        /// The day on which it expires, in the reader's words.
        expires: String,
    },
    /// Says that a comment mentions a person.
    Mentioned {
        /// The person's name.
        name: String,
        /// The name of the author of the comment.
        author: String,
        /// The title of the validation request.
        title: String,
        /// Where the comment is read.
        link: String,
    },
    /// Lets a person choose a new password.
    PasswordReset {
        /// The person's name.
        name: String,
        /// Where the password is chosen.
        link: String,
        /// The number of minutes for which the link works.
        minutes: i64,
    },
    /// Says that the password of an account was changed.
    PasswordChanged {
        /// The person's name.
        name: String,
    },
    /// Says that an account has a second factor.
    FactorAdded {
        /// The person's name.
        name: String,
    },
    /// Says that an account at an identity provider was linked.
    ExternalIdentityLinked {
        /// The person.
        name: String,
        /// The name of the provider.
        provider: String,
    },
    /// Says that the link to an account at an identity provider was removed.
    ExternalIdentityRemoved {
        /// The person.
        name: String,
        /// The name of the provider.
        provider: String,
    },
    /// Says that an account has no second factor any more.
    FactorRemoved {
        /// The person's name.
        name: String,
    },
    /// Lets a person confirm, at the present address, that it changes.
    ConfirmPresentAddress {
        /// The person's name.
        name: String,
        /// The new address.
        new_email: String,
        /// Where the change is confirmed.
        link: String,
        /// The number of minutes for which the link works.
        minutes: i64,
    },
    /// Lets a person confirm the new address.
    ConfirmNewAddress {
        /// The person's name.
        name: String,
        /// Where the address is confirmed.
        link: String,
        /// The number of minutes for which the link works.
        minutes: i64,
    },
    /// Says, to the earlier address, that the address was changed.
    AddressChanged {
        /// The person's name.
        name: String,
    },
}

impl Letter {
    fn name(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::Mentioned { .. } => "mentioned",
            Self::PasswordReset { .. } => "password_reset",
            Self::PasswordChanged { .. } => "password_changed",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::ExternalIdentityLinked { .. } => "external_identity_linked",
            Self::ExternalIdentityRemoved { .. } => "external_identity_removed",
            Self::ConfirmPresentAddress { .. } => "confirm_present_address",
            Self::ConfirmNewAddress { .. } => "confirm_new_address",
            Self::AddressChanged { .. } => "address_changed",
        }
    }

    /// Renders the letter.
    ///
    /// # Errors
    /// When a template names a value that the letter does not have.
    pub fn render(&self, language: Language) -> Result<Mail, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        let render = |suffix: &str| {
            let name = format!("{}/{}.{suffix}", language.code(), self.name());
            Ok::<_, minijinja::Error>(
                environment.get_template(&name)?.render(minijinja::value::Serde(self))?.trim().to_owned(),
            )
        };
        let text = render("txt")?;
        // The first line of the text is the subject.
        let (subject, text) = text.split_once("\n\n").unwrap_or((text.as_str(), ""));
        // A name could hold a line break, and a header must not.
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Mail { subject, text: text.to_owned(), html: render("html")? })
    }
}

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The subject, in one line.
    pub subject: String,
    /// The text, for readers without HTML.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("templates/", $name)))),*]
    };
}

/// Values are escaped in templates whose names end in `.html`, and only there.
const TEMPLATES: &[(&str, &str)] = templates![
    "layout.html",
    "en/address_changed.txt",
    "en/address_changed.html",
    "en/confirm_new_address.txt",
    "en/confirm_new_address.html",
    "en/confirm_present_address.txt",
    "en/confirm_present_address.html",
    "en/factor_added.txt",
    "en/factor_added.html",
    "en/factor_removed.txt",
    "en/factor_removed.html",
    "en/external_identity_linked.txt",
    "en/external_identity_linked.html",
    "en/external_identity_removed.txt",
    "en/external_identity_removed.html",
    "en/invitation.txt",
    "en/invitation.html",
    "en/mentioned.txt",
    "en/mentioned.html",
    "en/password_changed.txt",
    "en/password_changed.html",
    "en/password_reset.txt",
    "en/password_reset.html",
    "fr/address_changed.txt",
    "fr/address_changed.html",
    "fr/confirm_new_address.txt",
    "fr/confirm_new_address.html",
    "fr/confirm_present_address.txt",
    "fr/confirm_present_address.html",
    "fr/factor_added.txt",
    "fr/factor_added.html",
    "fr/factor_removed.txt",
    "fr/factor_removed.html",
    "fr/external_identity_linked.txt",
    "fr/external_identity_linked.html",
    "fr/external_identity_removed.txt",
    "fr/external_identity_removed.html",
    "fr/invitation.txt",
    "fr/invitation.html",
    "fr/mentioned.txt",
    "fr/mentioned.html",
    "fr/password_changed.txt",
    "fr/password_changed.html",
    "fr/password_reset.txt",
    "fr/password_reset.html",
];

#[cfg(test)]
mod tests {
    use super::{Language, Letter};

    fn letters() -> [Letter; 11] {
        let (name, link) = ("Martin <b>".to_owned(), "https://dossier.example/reset#a&b".to_owned());
        [
            Letter::Invitation {
                organization: "L’Atelier\r\nBcc: all@example.org".to_owned(),
                inviter: name.clone(),
                link: link.clone(),
                expires: "7 décembre".to_owned(),
            },
            Letter::Mentioned {
                name: name.clone(),
                author: name.clone(),
                title: "Plan\r\nBcc: all@example.org".to_owned(),
                link: link.clone(),
            },
            Letter::PasswordReset { name: name.clone(), link: link.clone(), minutes: 30 },
            Letter::PasswordChanged { name: name.clone() },
            Letter::FactorAdded { name: name.clone() },
            Letter::FactorRemoved { name: name.clone() },
            Letter::ExternalIdentityLinked { name: name.clone(), provider: "Keycloak".to_owned() },
            Letter::ExternalIdentityRemoved { name: name.clone(), provider: "Keycloak".to_owned() },
            Letter::ConfirmPresentAddress {
                name: name.clone(),
                new_email: "new@example.org".to_owned(),
                link: link.clone(),
                minutes: 60,
            },
            Letter::ConfirmNewAddress { name: name.clone(), link, minutes: 60 },
            Letter::AddressChanged { name },
        ]
    }

    #[test]
    fn every_letter_renders_in_every_language() {
        for letter in letters() {
            let [french, english] = [Language::French, Language::English].map(|language| letter.render(language));
            let (french, english) = (french.unwrap(), english.unwrap());
            assert_ne!(french.subject, english.subject);
            for mail in [french, english] {
                assert!(!mail.subject.is_empty() && !mail.subject.contains(['\r', '\n']), "{mail:?}");
                assert!(!mail.html.contains("Martin <b>"), "the HTML is escaped: {}", mail.html);
                assert!(mail.text.contains("Martin <b>") || matches!(letter, Letter::Invitation { .. }));
                assert!(!mail.text.contains("&lt;"), "the text is not: {}", mail.text);
            }
        }
    }

    #[test]
    fn dates_have_the_words_of_the_reader() {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
        assert_eq!(Language::French.date(date), "7 décembre 2026");
        assert_eq!(Language::English.date(date), "7 December 2026");
    }

    #[test]
    fn languages_are_found_by_their_tag() {
        for (tag, language) in [
            ("fr-FR", Language::French),
            ("FR", Language::French),
            ("fr_CA", Language::French),
            ("en-GB", Language::English),
            ("de-DE", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }
}
