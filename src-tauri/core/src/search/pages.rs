//! Pages of the console to choose from: what was typed, what was opened lately, and where services begin.

use super::found::{FoundPage, FoundPages, PageOrigin, Span};
use super::pasted::Pasted;
use super::text::{Kind, Score, Word, found, joined, matcher};
use super::{Index, words};
use crate::arn::Partition;
use crate::console::{ConsoleEntry, Destination};
use crate::failure::Failure;
use crate::view::AccountView;

/// So many of the pages opened lately are offered where nothing was typed.
const MOST_RECENT: usize = 5;

impl Index {
    pub(super) fn find_pages(&self, role: &str, text: &str) -> FoundPages {
        let text = text.trim();
        let role = self.roles.iter().find(|each| each.name == role);
        let partition = role.and_then(|role| role.arn.split(':').nth(1)?.parse::<Partition>().ok());
        let words = words(text);
        let (typed, failure) = match typed(text, partition, role.map(|role| &role.account)) {
            Ok(page) => (page, None),
            Err(why) => (None, Some(why)),
        };
        // A word is more likely the beginning of a service's name than a service that we do not know.
        let (path, word): (Vec<_>, Vec<_>) =
            typed.into_iter().partition(|_| text.contains(['/', '#', '?', ':']));
        let mut offered: Vec<(Score, FoundPage)> = Vec::new();
        offered.extend(self.recent(partition, &words));
        let is_offered =
            |page: &FoundPage| offered.iter().any(|(_, each)| each.destination == page.destination);
        let services: Vec<_> = services(&words).into_iter().filter(|(_, page)| !is_offered(page)).collect();
        offered.extend(services);
        // What was opened lately is above a service that is found as well; the rest stays in its order.
        offered.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let offered = offered.into_iter().map(|(_, page)| page);
        let pages: Vec<FoundPage> = path.into_iter().chain(offered).chain(word).collect();
        FoundPages { failure: failure.filter(|_| pages.is_empty()), pages }
    }

    fn recent(&self, partition: Option<Partition>, words: &[Word]) -> Vec<(Score, FoundPage)> {
        let pages = self.pages.iter().filter_map(|page| page.parse::<Destination>().ok());
        let pages = pages.filter(|page| partition.is_none_or(|ours| page.check_partition(ours).is_ok()));
        let found = pages.filter_map(|page| {
            let (origin, destination) = (PageOrigin::Recent, page.to_string());
            let service = ConsoleEntry::named(&destination);
            let title = service.map_or_else(|| page.short(), |service| service.title.to_owned());
            let names: Vec<&str> =
                std::iter::once(title.as_str()).chain(service.map(|each| each.name)).collect();
            let (score, spans) = all_found(&names, words)?;
            Some((score, FoundPage { origin, destination, title, spans }))
        });
        found.take(if words.is_empty() { MOST_RECENT } else { usize::MAX }).collect()
    }
}

/// What was typed, if it is a page by itself and not the beginning of a name.
fn typed(
    text: &str,
    partition: Option<Partition>,
    ours: Option<&AccountView>,
) -> Result<Option<FoundPage>, Failure> {
    if text.is_empty() || ConsoleEntry::named(text).is_some() {
        return Ok(None);
    }
    let pasted = Pasted::read(text);
    // The same page of another account is another page.
    if let Some((theirs, ours)) = pasted.as_ref().and_then(Pasted::account).zip(ours)
        && theirs.as_str() != ours.id
    {
        return Err(Failure::page_of_another_account(&theirs.grouped(), &ours.name));
    }
    let page = match pasted {
        Some(
            Pasted::Page { page, .. }
            | Pasted::Resource { page, .. }
            | Pasted::Role { about: Some(page), .. },
        ) => page,
        Some(Pasted::Role { .. } | Pasted::Account(_)) | None => text.parse::<Destination>()?,
    };
    if let Some(partition) = partition {
        page.check_partition(partition)?;
    }
    let title = page.short();
    Ok(Some(FoundPage { origin: PageOrigin::Typed, destination: page.to_string(), title, spans: Vec::new() }))
}

fn services(words: &[Word]) -> Vec<(Score, FoundPage)> {
    let mut services: Vec<&ConsoleEntry> = ConsoleEntry::ALL.iter().collect();
    services.sort_by_key(|service| service.title.to_lowercase());
    let found = services.into_iter().filter_map(|service| {
        let names: Vec<&str> = service.names().collect();
        let (score, spans) = all_found(&names, words)?;
        let (origin, destination) = (PageOrigin::Service, service.name.to_owned());
        Some((score, FoundPage { origin, destination, title: service.title.to_owned(), spans }))
    });
    found.collect()
}

/// How well each word stands in one of the names, and where in the first; `None` where one stands nowhere.
fn all_found(names: &[&str], words: &[Word]) -> Option<(Score, Vec<Span>)> {
    let (mut matcher, mut sum, mut spans) = (matcher(), 0_u16, Vec::new());
    for word in words {
        let mut best = 0;
        for (place, name) in names.iter().enumerate() {
            if let Some((score, at)) = found(name, Kind::Letters, word, &mut matcher) {
                best = score.max(best);
                if place == 0 {
                    spans.extend(at);
                }
            }
        }
        if best == 0 {
            return None;
        }
        sum = sum.saturating_add(best);
    }
    Some((sum, joined(spans)))
}
