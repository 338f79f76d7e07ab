//! The statuses of quotes, invoices and credit notes. Each type has some of the statuses of the table.

use async_graphql::Enum;
use dossier_core::error::Error;
use entities::invoice::Status;

/// Declares the status enum of one type, and its conversion from and to the status of the table.
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
                    other => Err(Error::internal(format!("{other:?} is not a status of this type"))),
                }
            }
        }
    };
}

status! {
    /// The status of a quote. Expiry depends on the date and has a field of its own, `Quote.expired`.
    QuoteStatus {
        /// A draft without a number. Only the agency can see it.
        Draft,
        /// Issued to the client, and waiting for their answer. It cannot be changed any more.
        Issued,
        /// The client accepted the quote.
        Accepted,
        /// The client refused the quote.
        Refused,
    }
}

status! {
    /// The status of an invoice. Being overdue depends on the date and has a field of its own, `Invoice.overdue`.
    InvoiceStatus {
        /// A draft without a number. Only the agency can see it.
        Draft,
        /// Issued to the client, with no payment yet. It cannot be changed any more.
        Issued,
        /// A part is paid.
        PartiallyPaid,
        /// Nothing is due, because the total is paid or credited.
        Paid,
    }
}

status! {
    /// The status of a credit note.
    CreditNoteStatus {
        /// A draft without a number. Only the agency can see it, and the invoice does not count it yet.
        Draft,
        /// Issued to the client, and counted by the invoice. It cannot be changed any more.
        Issued,
    }
}
