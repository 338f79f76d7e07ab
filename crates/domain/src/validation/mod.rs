//! Validation requests. Each is submitted and decided once, and all its steps are recorded.
//!
//! A request is about document versions, a quote, a message or its text alone. Its versions belong to a round. Another
//! round begins when the request is submitted again, or when a document of the round gets a new version. The versions of a
//! round never change, and each step names its round. A decision is therefore about exactly the bytes of its round.

mod comment;
mod decide;
mod follow;
mod round;
mod step;
mod submit;

pub use comment::{NewComment, comment, mentioned};
pub use decide::{assign, cancel, decide, release, set_due_date, share};
pub use follow::FollowVersion;
pub use round::{VersionIds, approved_version, versions};
pub use step::{Grounds, Target, ValidationUseCase, Verdict, is_overdue, next, overdue};
pub use submit::{NewRequest, resubmit, submit};
