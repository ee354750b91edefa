//! Roles by what was typed, and by what was pasted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use nucleo_matcher::Matcher;

use super::found::{FoundAccount, FoundIn, FoundRole, FoundRoles, Mark, PastedKind, PastedView};
use super::pasted::{Pasted, is_of};
use super::text::{Kind, Score, Word, found, joined, matcher};
use super::{Index, MOST_ROWS, words};
use crate::arn::AccountId;
use crate::view::{AccountView, RoleView};

/// What a role is worth: its score first, then how it stands among equals, then its place in the catalog.
type Rank = (Reverse<u32>, usize, usize);

/// The roles that can open what was pasted.
enum Openers {
    /// All of them, for nothing was.
    All,
    /// Those that it names.
    Roles { pasted: PastedView, which: Vec<usize> },
    /// Those of an account that has to be chosen.
    OfAnAccount { pasted: PastedView, among: Vec<usize> },
}

impl FoundIn {
    /// How much less a word is worth there than in a name.
    fn behind(self) -> Score {
        match self {
            FoundIn::Name | FoundIn::Id => 0,
            FoundIn::Account => 2,
            FoundIn::IamName => 4,
            FoundIn::Source | FoundIn::Tag | FoundIn::Environment => 12,
        }
    }
}

impl Index {
    pub(super) fn find_roles(&self, text: &str, pasted: Option<&str>, account: Option<&str>) -> FoundRoles {
        let (pasted, rest) = match pasted {
            Some(pasted) => (Pasted::read(pasted), text),
            None => in_field(text),
        };
        let words = words(rest);
        match self.openers(pasted, account) {
            Openers::All => self.ranked(0..self.roles.len(), &words, None),
            Openers::Roles { pasted, which } => self.ranked(which.into_iter(), &words, Some(pasted)),
            Openers::OfAnAccount { pasted, among } => {
                let accounts = self.accounts(&among, &words);
                let total = accounts.len();
                let all = self.roles.len();
                FoundRoles { roles: Vec::new(), total, all, pasted: Some(pasted), accounts }
            }
        }
    }

    /// The roles among these in which each word stands somewhere, the best first.
    fn ranked(
        &self,
        among: impl Iterator<Item = usize>,
        words: &[Word],
        pasted: Option<PastedView>,
    ) -> FoundRoles {
        let mut matcher = matcher();
        let scores: Vec<Vec<Score>> =
            words.iter().map(|word| self.texts.scores(word, &mut matcher)).collect();
        let mut ranks: Vec<Rank> = among
            .filter_map(|place| {
                let mut score = 0_u32;
                for scores in &scores {
                    score += u32::from(self.best(place, scores)?.1);
                }
                Some((Reverse(score), self.standing[place], place))
            })
            .collect();
        let total = ranks.len();
        if total > MOST_ROWS {
            ranks.select_nth_unstable(MOST_ROWS);
            ranks.truncate(MOST_ROWS);
        }
        ranks.sort_unstable();
        let row = |(_, _, place): &Rank| FoundRole {
            role: RoleView::clone(&self.roles[*place]),
            marks: self.marks(*place, words, &scores, &mut matcher),
        };
        let roles = ranks.iter().map(row).collect();
        FoundRoles { roles, total, all: self.roles.len(), pasted, accounts: Vec::new() }
    }

    /// The field of a role in which a word stands best.
    fn best(&self, place: usize, scores: &[Score]) -> Option<(usize, Score)> {
        let own = self.own[place].clone();
        let scored = own.filter_map(|at| {
            let (field, text) = self.fields[at];
            let score = scores[text.index()];
            (score > 0).then(|| (at, score.saturating_sub(field.behind()).max(1)))
        });
        // Of equals the first, which tells more.
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    fn marks(&self, place: usize, words: &[Word], scores: &[Vec<Score>], matcher: &mut Matcher) -> Vec<Mark> {
        let mut marked: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (word, scores) in words.iter().zip(scores) {
            if let Some((at, _)) = self.best(place, scores) {
                let spans = self.texts.spans(self.fields[at].1, word, matcher);
                marked.entry(at).or_default().extend(spans);
            }
        }
        let mark = |(at, spans)| {
            let (field, text): (FoundIn, _) = self.fields[at];
            Mark { field, text: self.texts.text(text), spans: joined(spans) }
        };
        marked.into_iter().map(mark).collect()
    }

    fn openers(&self, pasted: Option<Pasted>, chosen: Option<&str>) -> Openers {
        let Some(pasted) = pasted else { return Openers::All };
        let very: Vec<usize> = self.places(|role| pasted.is_role(role));
        if !very.is_empty() {
            let account = pasted.account().map(|account| self.account(account));
            return Openers::Roles { pasted: shown(&pasted, Opened::AsItself, account), which: very };
        }
        let partition = pasted.partition();
        let within = |role: &RoleView| partition.is_none_or(|partition| is_of(role, partition));
        let of = |id: &str| self.places(|role| role.account.id == id && within(role));
        let view = |account: AccountView| shown(&pasted, Opened::AsAnother, Some(account));
        if let Some(account) = pasted.account() {
            return Openers::Roles { pasted: view(self.account(account)), which: of(account.as_str()) };
        }
        let chosen = chosen.and_then(|id| id.parse::<AccountId>().ok());
        for account in chosen.as_ref().into_iter().chain(pasted.likely()) {
            let which = of(account.as_str());
            if !which.is_empty() {
                return Openers::Roles { pasted: view(self.account(account)), which };
            }
        }
        let among = self.places(within);
        let accounts = self.accounts(&among, &[]);
        match &accounts[..] {
            // There is nothing to choose.
            [only] => Openers::Roles { pasted: view(only.account.clone()), which: among },
            _ => Openers::OfAnAccount { pasted: shown(&pasted, Opened::AsAnother, None), among },
        }
    }

    fn places(&self, is_wanted: impl Fn(&RoleView) -> bool) -> Vec<usize> {
        (0..self.roles.len()).filter(|place| is_wanted(&self.roles[*place])).collect()
    }

    /// An account as it is known here.
    fn account(&self, id: &AccountId) -> AccountView {
        let known = self.roles.iter().find(|role| role.account.id == id.as_str());
        known.map_or_else(
            || AccountView { name: id.grouped(), id: id.to_string(), ..AccountView::default() },
            |role| role.account.clone(),
        )
    }

    /// The accounts of these roles in which each word stands somewhere, the best first.
    fn accounts(&self, among: &[usize], words: &[Word]) -> Vec<FoundAccount> {
        let mut known: BTreeMap<&str, (&AccountView, usize, usize)> = BTreeMap::new();
        for place in among {
            let (account, standing) = (&self.roles[*place].account, self.standing[*place]);
            let entry = known.entry(&account.id).or_insert((account, standing, 0));
            entry.1 = entry.1.min(standing);
            entry.2 += 1;
        }
        let mut matcher = matcher();
        let mut ranked: Vec<_> = known
            .into_values()
            .filter_map(|(account, standing, roles)| {
                let (mut score, mut name_spans, mut id_spans) = (0_u32, Vec::new(), Vec::new());
                for word in words {
                    let by_name = found(&account.name, Kind::Letters, word, &mut matcher);
                    let by_id = found(&account.id, Kind::Digits, word, &mut matcher);
                    score += u32::from(by_name.iter().chain(&by_id).map(|found| found.0).max()?);
                    name_spans.extend(by_name.into_iter().flat_map(|found| found.1));
                    id_spans.extend(by_id.into_iter().flat_map(|found| found.1));
                }
                let (name_spans, id_spans) = (joined(name_spans), joined(id_spans));
                let found = FoundAccount { account: account.clone(), roles, name_spans, id_spans };
                Some((Reverse(score), standing, found))
            })
            .collect();
        ranked.sort_by(|one, other| {
            (&one.0, &one.1, &one.2.account.name).cmp(&(&other.0, &other.1, &other.2.account.name))
        });
        ranked.into_iter().map(|(_, _, found)| found).collect()
    }
}

/// What was pasted into the field, where what stands there begins with something; and the words behind it.
fn in_field(text: &str) -> (Option<Pasted>, &str) {
    let text = text.trim();
    if let Some(pasted) = Pasted::read(text) {
        return (Some(pasted), "");
    }
    // Whoever types words behind a link goes on looking among its roles. Digits are a word themselves.
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match Pasted::read(first) {
        Some(Pasted::Account(_)) | None => (None, text),
        pasted => (pasted, rest),
    }
}

/// As what a page is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// As the role that was pasted.
    AsItself,
    /// As any role of the account.
    AsAnother,
}

fn shown(pasted: &Pasted, opened: Opened, account: Option<AccountView>) -> PastedView {
    let (kind, what, page) = match pasted {
        Pasted::Page { page, .. } => (PastedKind::Page, page.short(), Some(page)),
        Pasted::Resource { what, page, .. } => (PastedKind::Resource, what.clone(), Some(page)),
        Pasted::Role { role, page, about, .. } => {
            let page = match opened {
                Opened::AsItself => page.as_ref(),
                Opened::AsAnother => about.as_ref(),
            };
            (PastedKind::Role, role.name().to_owned(), page)
        }
        Pasted::Account(id) => (PastedKind::Account, id.grouped(), None),
    };
    let missing = kind == PastedKind::Role && opened == Opened::AsAnother;
    PastedView { kind, what, account, destination: page.map(ToString::to_string), missing }
}
