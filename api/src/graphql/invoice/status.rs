//! Where a quote, an invoice or a credit note stands: each type has some of the states that the table knows.

use async_graphql::Enum;
use dossier_core::error::Error;
use entities::invoice::Status;

/// Writes the states of one type, and their relation to those of the table.
macro_rules! status {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $state_doc:literal])+ $state:ident),* $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum $name {
            $($(#[doc = $state_doc])+ $state),*
        }

        impl From<$name> for Status {
            fn from(status: $name) -> Self {
                match status {
                    $($name::$state => Self::$state),*
                }
            }
        }

        impl TryFrom<Status> for $name {
            type Error = Error;

            fn try_from(status: Status) -> Result<Self, Error> {
                match status {
                    $(Status::$state => Ok(Self::$state),)*
                    other => Err(Error::internal(format!("{other:?} is no state of this type"))),
                }
            }
        }
    };
}

status! {
    /// Where a quote stands. That it has expired is a matter of date, see `Quote.expired`.
    QuoteStatus {
        /// Being written: without a number, seen by the agency alone.
        Draft,
        /// Numbered, frozen and sent: waits for an answer.
        Issued,
        /// The client took the offer.
        Accepted,
        /// The client did not take the offer.
        Refused,
    }
}

status! {
    /// Where an invoice stands. That it is overdue is a matter of date, see `Invoice.overdue`.
    InvoiceStatus {
        /// Being written: without a number, seen by the agency alone.
        Draft,
        /// Numbered, frozen and sent: nothing is paid yet.
        Issued,
        /// A part is paid.
        PartiallyPaid,
        /// Settled: nothing is due, for all of it is paid or credited.
        Paid,
    }
}

status! {
    /// Where a credit note stands.
    CreditNoteStatus {
        /// Being written: without a number, seen by the agency alone, and not yet counted.
        Draft,
        /// Numbered, frozen and sent: the invoice counts it.
        Issued,
    }
}
