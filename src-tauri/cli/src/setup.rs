//! `guise setup`: from an IAM user to a role that works, as questions at the terminal. The same steps as the setup guide's.

mod ask;
mod making;

use guise_core::agent::{Answered, Page, Request};
use guise_core::catalog::{CatalogFile, Name, Source};
use guise_core::console::Endpoints;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::secret::{AccessKey, AccessKeyId};
use guise_core::setup::{Field, KNOWN, RoleDraft, RoleForm, switch_role_link};
use guise_core::view::{NewKey, NewSource};

use crate::agent;
use crate::arguments::SetupCommand;
use crate::say;
use crate::source;

pub(crate) fn run(home: &Home, command: SetupCommand) -> Result<(), Failure> {
    ask::at_a_terminal()?;
    let endpoints = Endpoints {
        sts: command.sts_endpoint,
        signin: command.signin_endpoint,
        console: command.console_endpoint,
    };
    step(1, "who are you?");
    let (name, source) = who(home, endpoints)?;
    step(2, "the role");
    let (form, draft) = wanted(&name, &source)?;
    step(3, "make it");
    making::made(home, &form, &draft)?;
    step(4, "try it");
    let Some(role) = tried(home, &form)? else { return Ok(()) };
    step(5, "open it");
    if ask::yes_unless_no("Open the console? [Y/n] ")? {
        let page = Page {
            role: role.clone(),
            destination: None,
            region: None,
            access: guise_core::assume::Access::Usual,
        };
        agent::ask(home, Request::OpenConsole(page))?;
        say::words("opened in the browser; the session is ended from the tray or in the window of sessions");
    }
    if draft.external_id.is_none()
        && let Ok(link) = switch_role_link(&draft)
    {
        say::words(
            "for colleagues whom the trust policy names too, the link that has their console switch to the role:",
        );
        say::data(link.as_str())?;
    }
    say::words(&format!("done: guise console {role} opens it whenever you like"));
    Ok(())
}

fn step(number: u8, title: &str) {
    say::words(&format!("\nstep {number} of 5: {title}"));
}

/// The source: one that is there, or a new one.
fn who(home: &Home, endpoints: Endpoints) -> Result<(Name, Source), Failure> {
    let file = CatalogFile::in_home(home);
    let there: Vec<String> = file.load()?.sources.keys().map(ToString::to_string).collect();
    let chosen = match there.first() {
        Some(first) => {
            say::words(&format!("sources: {}", there.join(", ")));
            ask::checked(&format!("Source, or `new` for another [{first}]: "), |text| match text {
                "" => Ok(Some(first.clone())),
                "new" => Ok(None),
                name => {
                    let name: Name = name.parse()?;
                    file.load()?.source(&name).map(|_| Some(name.to_string()))
                }
            })?
        }
        None => None,
    };
    let name: Name = match chosen {
        Some(name) => name.parse()?,
        None => added(home, &file, &endpoints)?,
    };
    let source = file.load()?.source(&name)?.clone();
    say::words(&format!("account {}, {}", source.account.grouped(), source.arn));
    if source.arn.is_user() {
        say::words(
            "this user needs no permission at all: a role will trust it by its name, and that is enough in its own account",
        );
    }
    Ok((name, source))
}

fn added(home: &Home, file: &CatalogFile, endpoints: &Endpoints) -> Result<Name, Failure> {
    let name = ask::checked("Your name for it [work]: ", |text| {
        let name: Name = if text.is_empty() { "work" } else { text }.parse()?;
        if file.load()?.has_source(&name) {
            return Err(Failure::source_exists(name.as_str()));
        }
        Ok(name)
    })?;
    let region = ask::checked("Region where its consoles open, such as eu-west-1 [none]: ", |text| {
        if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
    })?;
    loop {
        let key =
            ask::checked("Access key ID, or the name of a profile of the AWS CLI: ", |text| match text
                .parse::<AccessKeyId>(
            ) {
                Ok(id) if id.is_long_term() => Ok(Signs::Key(id)),
                Ok(_) => Err(Failure::temporary_access_key()),
                // Nobody calls a profile so; a letter is missing.
                Err(failure) if text.starts_with("AKIA") => Err(failure),
                Err(_) => text.parse().map(Signs::Profile),
            })?;
        let key = match key {
            Signs::Key(id) => source::secret(&id, false)
                .and_then(|secret| AccessKey::new(id, secret))
                .map(NewKey::AccessKey),
            Signs::Profile(profile) => Ok(NewKey::Profile(profile)),
        };
        let new = key.map(|key| NewSource {
            name: name.clone(),
            key,
            mfa_serial: None,
            mfa_process: Vec::new(),
            region: region.clone(),
            endpoints: endpoints.clone(),
        });
        let added = new.and_then(|new| agent::ask(home, Request::AddSource(Box::new((&new).into()))));
        match added {
            Ok(_) => return Ok(name),
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => say::failure(&failure),
        }
    }
}

/// What a new source signs with.
enum Signs {
    Key(AccessKeyId),
    Profile(guise_core::profiles::ProfileName),
}

/// The role, field by field, each checked before the next is asked for.
fn wanted(name: &Name, source: &Source) -> Result<(RoleForm, RoleDraft), Failure> {
    let mut form = RoleForm { source: name.to_string(), ..RoleForm::default() };
    // What is wrong with the source itself is no field's.
    right(&form, source, Field::Source)?;
    field(&mut form, source, Field::Role, "Role name: ", |form, text| form.role = text)?;
    say::words(&format!(
        "policies of AWS's, such as {}",
        KNOWN.iter().take(6).map(|known| known.name).collect::<Vec<_>>().join(", ")
    ));
    field(
        &mut form,
        source,
        Field::Policy,
        "What it may do, a policy's name or ARN [none yet]: ",
        |form, text| {
            form.policy = text;
        },
    )?;
    let own = format!("Account [{}]: ", source.account);
    field(&mut form, source, Field::Account, &own, |form, text| form.account = text)?;
    field(&mut form, source, Field::Longest, "Longest session, 1h to 12h [1h]: ", |form, text| {
        form.longest = text;
    })?;
    if source.arn.is_user() {
        form.mfa = ask::no_unless_yes("Demand a code of an MFA device? [y/N] ")?;
        if form.mfa && source.mfa_serial.is_none() {
            field(&mut form, source, Field::Mfa, "Its serial, arn:aws:iam::…:mfa/NAME: ", |form, text| {
                form.mfa_serial = text;
            })?;
        }
        form.named_after_user = ask::no_unless_yes("Demand that sessions are called like the user? [y/N] ")?;
        right(&form, source, Field::Naming)?;
    }
    field(&mut form, source, Field::ExternalId, "External id [none]: ", |form, text| {
        form.external_id = text;
    })?;
    let draft = form.read(source).map_err(|mut problems| problems.remove(0).failure)?;
    Ok((form, draft))
}

fn field(
    form: &mut RoleForm,
    source: &Source,
    field: Field,
    question: &str,
    set: impl Fn(&mut RoleForm, String),
) -> Result<(), Failure> {
    *form = ask::checked(question, |text| {
        let mut form = form.clone();
        set(&mut form, text.to_owned());
        right(&form, source, field).map(|()| form)
    })?;
    Ok(())
}

fn right(form: &RoleForm, source: &Source, field: Field) -> Result<(), Failure> {
    let wrong = form.read(source).err().into_iter().flatten().find(|problem| problem.field == field);
    wrong.map_or(Ok(()), |problem| Err(problem.failure))
}

/// The role's name in the catalog, once it could be assumed; `None` where the person leaves it for later.
fn tried(home: &Home, form: &RoleForm) -> Result<Option<String>, Failure> {
    loop {
        if !ask::yes_unless_no("Try it? [Y/n] ")? {
            say::words("it is for later: guise setup asks again");
            return Ok(None);
        }
        say::words("asking AWS; a role that was made just now is tried for up to 15 seconds");
        match agent::ask(home, Request::TryRole { form: Box::new(form.clone()) }) {
            Ok(Answered::RoleTried { role }) => {
                say::words(&format!("it works: `{role}` is yours"));
                return Ok(Some(role));
            }
            Ok(_) => return Err(Failure::agent_unintelligible()),
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => say::failure(&failure),
        }
    }
}
