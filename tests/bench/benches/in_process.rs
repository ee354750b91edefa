//! What is measured inside one process: a change becoming a snapshot, the menu, and the catalog, with few roles and many.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bench::catalog::{LISTED, SOURCE, listed};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use guise_core::adapters;
use guise_core::app::{self, AppHandle, Config};
use guise_core::catalog::{CatalogFile, Name, RoleChange};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::menu::menu;
use guise_core::ports::NoDesktop;
use guise_core::search::{Index, Query};
use guise_core::view::Snapshot;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// From a catalog that a person might have to one that nobody should.
const COUNTS: [usize; 3] = [10, 300, 10_000];

/// An application on a catalog of so many roles. Nothing outside is ever asked.
struct World {
    runtime: Runtime,
    app: AppHandle,
    home: Home,
    _folder: TempDir,
}

impl World {
    fn with_roles(count: usize) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        write_catalog(&home.configuration, count);
        let runtime = Runtime::new().expect("an event loop");
        let ports = adapters::ports(&home, Arc::new(NoDesktop));
        let app = {
            let _inside = runtime.enter();
            app::start(Config {
                home: home.clone(),
                ports,
                zone: TimeZone::UTC,
                host: adapters::host::name(),
                endpoints: guise_core::console::Endpoints::default(),
            })
        };
        let world = World { runtime, app, home, _folder: folder };
        assert_eq!(world.snapshot().roles.len(), count);
        world
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.app.snapshots().borrow().clone()
    }
}

fn write_catalog(folder: &Path, count: usize) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("catalog.toml"), format!("{SOURCE}{}", listed(count))).expect("a file");
}

fn menus(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("menu");
    for count in COUNTS {
        let world = World::with_roles(count);
        let snapshot = world.snapshot();
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| menu(&snapshot, Timestamp::UNIX_EPOCH, &TimeZone::UTC));
        });
    }
}

/// From something that happens to the snapshot that shows it.
fn snapshots(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("snapshot");
    for count in COUNTS {
        let world = World::with_roles(count);
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter_custom(|times| world.runtime.block_on(changes(&world.app, times)));
        });
    }
}

async fn changes(app: &AppHandle, times: u64) -> Duration {
    let mut snapshots = app.snapshots();
    let begun = Instant::now();
    for each in 0..times {
        app.desktop_trouble(each.is_multiple_of(2).then(Failure::no_tray));
        snapshots.changed().await.expect("the application runs");
        snapshots.mark_unchanged();
    }
    let taken = begun.elapsed();
    app.desktop_trouble(None);
    let _ = snapshots.wait_for(|snapshot| snapshot.trouble.is_empty()).await;
    taken
}

/// What each key that is pressed in the switcher waits for.
fn searches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    for count in COUNTS {
        let snapshot = World::with_roles(count).snapshot();
        let index = Index::new(&snapshot);
        for (name, text) in [("nothing", ""), ("letter", "r"), ("words", "team ro 17")] {
            let query = Query::Roles { text: text.into(), pasted: None, account: None };
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| index.find(&query));
            });
        }
        group.bench_function(BenchmarkId::new("index", count), |bencher| {
            bencher.iter(|| Index::new(&snapshot));
        });
    }
}

fn catalogs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("catalog");
    let world = World::with_roles(10_000);
    let file = CatalogFile::in_home(&world.home);
    group.sample_size(30);
    group.bench_function("load", |bencher| {
        bencher.iter_batched(
            || file.clone(),
            |file| file.load().expect("it is valid"),
            BatchSize::PerIteration,
        );
    });
    let name: Name = LISTED.parse().expect("a name");
    let mut favourite = false;
    group.bench_function("save", |bencher| {
        bencher.iter(|| {
            favourite = !favourite;
            let change = RoleChange { favourite: Some(favourite), ..RoleChange::default() };
            file.edit_role(&name, &change).expect("it is written")
        });
    });
}

criterion_group!(benches, menus, snapshots, searches, catalogs);
criterion_main!(benches);
