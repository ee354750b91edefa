//! Profiles of the AWS CLI's files, as far as they concern us.

mod name;

pub use name::ProfileName;
