//! What goes wrong, and when.

use std::fmt;
use std::time::Duration;

use turmoil::Sim;

use super::centre::Home;
use super::chance::Chance;
use super::hosts::{CARRIER, CENTRE, ESME};

/// How often each thing went wrong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strikes {
    cuts: usize,
    delays: usize,
    crashes: [usize; 3],
}

impl Strikes {
    pub(super) fn add(&mut self, other: Self) {
        self.cuts += other.cuts;
        self.delays += other.delays;
        self.crashes.iter_mut().zip(other.crashes).for_each(|(sum, one)| *sum += one);
    }

    pub(super) fn total(&self) -> usize {
        self.cuts + self.delays + self.crashes.iter().sum::<usize>()
    }

    pub(super) fn all_struck(&self) -> bool {
        self.cuts > 0 && self.delays > 0 && self.crashes.iter().all(|count| *count > 0)
    }
}

impl fmt::Display for Strikes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cuts, delays, crashes: [centre, carrier, esme] } = self;
        write!(
            f,
            "{cuts} cuts, {delays} delays with overtaking, {centre} crashes of the centre, {carrier} of the carrier, \
             {esme} of the ESME"
        )
    }
}

const HOSTS: [&str; 3] = [CENTRE, CARRIER, ESME];

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    /// Nothing passes between the centre and this host, and what was on its way is gone.
    Cut(&'static str),
    /// Nothing passes for a while; then all of it at once.
    Delay(&'static str),
    Crash(usize),
}

/// One fault at a time on each pair of hosts, and pauses between.
#[derive(Debug)]
pub(super) struct Weather {
    chance: Chance,
    next: Duration,
    /// What lasts, and until when.
    lasting: Vec<(Fault, Duration)>,
    pub(super) strikes: Strikes,
}

impl Weather {
    pub(super) fn of(seed: u64) -> Self {
        Self {
            chance: Chance::of(seed),
            next: Duration::from_millis(500),
            lasting: Vec::new(),
            strikes: Strikes::default(),
        }
    }

    /// Looks at the clock: what has lasted long enough ends, and something new may begin.
    pub(super) fn blow(&mut self, sim: &mut Sim<'_>, home: &Home) {
        let now = sim.elapsed();
        let over: Vec<Fault> =
            self.lasting.iter().filter(|(_, until)| *until <= now).map(|(fault, _)| *fault).collect();
        self.lasting.retain(|(_, until)| *until > now);
        over.into_iter().for_each(|fault| end(fault, sim));
        if now < self.next {
            return;
        }
        self.next = now + Duration::from_millis(50 + self.chance.below(1200));
        let fault = self.fault();
        if self.lasting.iter().any(|(other, _)| *other == fault) {
            return;
        }
        self.begin(fault, sim, home);
        self.lasting.push((fault, now + Duration::from_millis(20 + self.chance.below(2500))));
    }

    /// Everything heals.
    pub(super) fn clear(&mut self, sim: &mut Sim<'_>, _: &Home) {
        self.lasting.drain(..).for_each(|(fault, _)| end(fault, sim));
    }

    fn fault(&mut self) -> Fault {
        let peer = if self.chance.below(2) == 0 { CARRIER } else { ESME };
        match self.chance.below(10) {
            0..=3 => Fault::Cut(peer),
            4..=6 => Fault::Delay(peer),
            7 | 8 => Fault::Crash(0),
            _ => Fault::Crash(1 + usize::from(peer == ESME)),
        }
    }

    fn begin(&mut self, fault: Fault, sim: &mut Sim<'_>, home: &Home) {
        match fault {
            Fault::Cut(peer) => {
                self.strikes.cuts += 1;
                sim.partition(CENTRE, peer);
            }
            Fault::Delay(peer) => {
                self.strikes.delays += 1;
                sim.hold(CENTRE, peer);
            }
            Fault::Crash(host) => {
                self.strikes.crashes[host] += 1;
                if host == 0 {
                    home.moves();
                }
                sim.crash(HOSTS[host]);
            }
        }
    }
}

fn end(fault: Fault, sim: &mut Sim<'_>) {
    match fault {
        Fault::Cut(peer) => sim.repair(CENTRE, peer),
        Fault::Delay(peer) => sim.release(CENTRE, peer),
        Fault::Crash(host) => sim.bounce(HOSTS[host]),
    }
}
