//! A training run that is prepared: what is trained on which rows, by which engine.

use crate::PROGRAM;
use crate::auto;
use crate::checkpoint::sitting::{self, COMMAND, Sitting, Whole};
use crate::checkpoint::{self, Writer};
use crate::choice::{Choice, EngineName};
use crate::error::Error;
use crate::limited::LimitedErrors;
use crate::method::Method;
use crate::options::Options;
use crate::parameters::RowParameters;
use crate::parts::Judged;
use crate::pool;
use crate::proof::Source;
use crate::trained::{Listed, Trained};
use bdnn::data::{DataError, Dataset, Scaling, Split, Units, Watch};
use bdnn::model::{Claim, Provenance, RowUnits};
use bdnn::{Limits, Model, Network, Problem, Progress, Request, Solution, Solutions, Training};
use budget::{Checkpoint, Instant, Keeper, Settings};
use heuristics::Validation;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// What [`Trainer::prepare`](crate::Trainer::prepare) makes: it can be looked at, and then trained.
#[derive(Clone, Debug)]
pub struct Task<'d> {
    data: &'d Dataset,
    options: Options,
    split: Split,
    units: Option<Units>,
    problem: Problem,
    choice: Choice,
    /// What is known of the run before, and the state of its engine.
    resumed: Option<Whole<Vec<u8>>>,
}

impl<'d> Task<'d> {
    pub(crate) fn new(options: &Options, data: &'d Dataset, watch: Watch<'_>) -> Result<Self, Error> {
        let seed = options.limits.seed;
        let split = bdnn::data::split(&data.labels, data.num_classes(), options.fractions, options.stratify, seed)?;
        Self::of_split(options, data, split, watch)
    }

    /// For parts that somebody else has made.
    pub(crate) fn of_split(
        options: &Options,
        data: &'d Dataset,
        mut split: Split,
        watch: Watch<'_>,
    ) -> Result<Self, Error> {
        let stopped = || DataError::Stopped { file: PathBuf::from("the rows") };
        let mut units = None;
        if let Some(found) = options.units(data, &split.train, watch)? {
            let (train, counted) = found.without_weightless(split.train);
            (split.train, units) = (train, Some(counted));
        }
        let of_row = units.as_ref().map(|units| &units.of_row[..]);
        let scaler = options.scaling.fit_watched(data, (&split.train, of_row), watch).ok_or_else(stopped)?;
        let points = data.points_of_units(&split.train, of_row, &scaler, watch).ok_or_else(stopped)?;
        let RowParameters { sorted } = options.limits.settings.of();
        let points = if sorted { points.sorted() } else { points };
        let error_limits = options.error_limits(&points, units.as_ref(), &data.schema.classes)?;
        let restrictions = options.restrictions(&data.schema.features)?;
        let mut problem = Problem {
            epsilon: options.epsilon,
            robust: options.robust,
            l0: options.l0,
            l1: options.l1,
            error_limits,
            restrictions,
            ..Problem::new(points, options.architecture(data), options.loss)
        };
        problem.check()?;
        let method =
            if options.proof.is_some() { options.method.that_proves(&problem)? } else { options.method.clone() };
        let validation = validation(data, &split.validation);
        let chosen = method.choose(&mut problem, validation, &options.limits.settings);
        let mut choice = chosen.map_err(|error| error.of_margin(options.epsilon))?;
        let automatic = matches!(options.method, Method::Auto);
        match (&options.proof, choice.engine) {
            (Some(_), EngineName::Omt) => {
                let asked = if automatic { "" } else { "asked for; " };
                choice.reason = format!("{asked}{}", omt::proof::search_of(&problem, &options.limits.settings));
            }
            (Some(_), EngineName::Milp) if automatic => {
                let lack = omt::proof::supports(&problem).err().map_or_else(String::new, |lack| lack.to_string());
                choice.reason = format!("the conflict-driven engine writes no proof here: {lack}");
            }
            _ => {}
        }
        if let Some(proof) = &options.proof {
            proof.check(choice.engine, &problem)?;
        }
        if let Some(wanted) = options.solutions {
            pool::check(wanted, options.proof.is_some(), &choice, &problem)?;
        }
        let mut task = Self { data, options: options.clone(), split, units, problem, choice, resumed: None };
        task.start()?;
        task.resumed = task.resume()?;
        Ok(task)
    }

    /// Seconds that the run has taken before, where it goes on after a checkpoint.
    #[must_use]
    pub fn resumed_after(&self) -> Option<f64> {
        self.resumed.as_ref().map(|(past, _)| past.seconds)
    }

    /// Reads the checkpoint to go on with, if any, and refuses what cannot be kept.
    fn resume(&self) -> Result<Option<Whole<Vec<u8>>>, Error> {
        let Options { checkpoint, resume, proof, solutions, .. } = &self.options;
        let refuse = |why: &str| Err(Error::Checkpoint(why.to_owned()));
        if checkpoint.is_none() && resume.is_none() {
            return Ok(None);
        }
        if proof.is_some() {
            return refuse(
                "a proof is written from the first step to the last, and a checkpoint does not hold it: leave one of both out",
            );
        }
        if solutions.is_some() {
            return refuse("checkpoints are for the best network, not for several solutions: leave one of both out");
        }
        if let Some((path, _)) = checkpoint {
            checkpoint::check_target(path, resume.as_ref())?;
        }
        let Some(path) = resume else { return Ok(None) };
        let (header, state) = checkpoint::read(path)?;
        let differences = header.differences(PROGRAM, COMMAND, &self.run()?);
        if !differences.is_empty() {
            let (path, what) = (path.display(), differences.join("; "));
            return refuse(&format!("{path}: this is the checkpoint of another run: {what}"));
        }
        sitting::parts(&state).map(Some)
    }

    /// What a run has to have in common with this one to go on with its state.
    fn run(&self) -> Result<Map<String, Value>, Error> {
        let failed = |error: serde_json::Error| Error::Internal(error.to_string());
        let Value::Object(mut run) = serde_json::to_value(self.provenance()).map_err(failed)? else {
            return Err(Error::Internal("a provenance is an object".to_owned()));
        };
        run.insert("architecture".to_owned(), serde_json::to_value(&self.problem.architecture).map_err(failed)?);
        run.insert("options".to_owned(), format!("{:?}", self.options.method).into());
        run.insert("mip_gap".to_owned(), self.options.limits.gap.into());
        if let Some(start) = self.start()? {
            run.insert("start".to_owned(), serde_json::to_value(start).map_err(failed)?);
        }
        Ok(run)
    }

    /// All rows.
    #[must_use]
    pub fn data(&self) -> &'d Dataset {
        self.data
    }

    /// Which rows train, choose and judge.
    #[must_use]
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// What the rows that train count, in their order ([`Task::split`]), where they do not all count once: losses and bounds are in these
    /// units.
    #[must_use]
    pub fn units(&self) -> Option<&Units> {
        self.units.as_ref()
    }

    /// What is minimised; with the margin of the engine.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// A margin that nobody asked for, where [`Method::Auto`] took an engine that needs one and networks of the ideal semantics may be lost
    /// by it: bound and optimum are then those of networks with the margin.
    #[must_use]
    pub fn added_margin(&self) -> Option<f64> {
        let added = self.options.epsilon.is_none() && matches!(self.options.method, Method::Auto);
        self.problem.epsilon.filter(|&epsilon| added && !self.problem.is_whole_above(epsilon))
    }

    /// What is set of the engines, as the trainer said.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.options.limits.settings
    }

    /// How the scaler was fitted.
    #[must_use]
    pub fn scaling(&self) -> Scaling {
        self.options.scaling
    }

    /// The engine, and why.
    #[must_use]
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Trains within `limits` (not those of the trainer), predicts all parts of the data, and writes the proof that was asked
    /// for. Prediction belongs to the limit of time: it is kept back from the search.
    ///
    /// # Errors
    /// A network that takes more memory than the limit allows or the machine has, a numerical failure, or a file of a proof that cannot be
    /// written.
    pub fn train(&self, limits: &Limits, progress: &dyn Progress) -> Result<Trained, Error> {
        self.problem.architecture.check_memory(limits.memory).map_err(bdnn::Error::Problem)?;
        // What the end needs and does not depend on the run belongs before it, where the limit sees it.
        let began = Instant::now();
        let provenance = (self.options.model || self.options.proof.is_some()).then(|| self.provenance());
        let ending = self.judged().seconds() * (1 + self.options.solutions.unwrap_or(0)) as f64;
        let limits = limits.after(began.elapsed().as_secs_f64() + ending);
        let request = Request::new(&self.problem, &limits).with_start(self.start()?).with_progress(progress);
        let (choice, mut training, proof) = match &self.options.proof {
            Some(wanted) => {
                let first = self.start_of_proof(request)?;
                let left = limits.after(began.elapsed().as_secs_f64());
                let request = match &first {
                    Some(first) => request.with_start(Some(first)).with_limits(&left),
                    None => request,
                };
                let provenance = provenance.clone().unwrap_or_else(|| self.provenance());
                let units = self.units.as_ref().map(|units| &units.of_row[..]);
                let source = Source { data: self.data, rows: &self.split.train, units, provenance: provenance.clone() };
                let model = |training: &Training| self.model(&provenance, training);
                let trained = wanted.train(self.choice.engine, &source, request, &model);
                let (training, proven) = trained.map_err(|error| error.of_margin(self.options.epsilon))?;
                (self.choice.clone(), training, proven)
            }
            None => {
                let trained = self.sit(request, limits.gap);
                let (choice, training) = trained.map_err(|error| error.of_margin(self.options.epsilon))?;
                (choice, training, None)
            }
        };
        let solutions = match self.options.solutions {
            Some(wanted) => {
                let left = limits.after(began.elapsed().as_secs_f64());
                let request = Request::new(&self.problem, &left).with_progress(progress);
                Some(pool::list(request, wanted, &mut training)?)
            }
            None => None,
        };
        let parts = training.network.as_ref().map(|network| self.judged().parts(network, training.loss));
        let provenance = provenance.map(|made| Provenance { method: choice.engine.as_str().to_owned(), ..made });
        let model = provenance.as_ref().and_then(|provenance| self.model(provenance, &training));
        let pool = solutions.map(|solutions| self.listed(solutions, provenance.as_ref(), &training));
        let limited = LimitedErrors::of(&self.problem, training.network.as_ref());
        Ok(Trained { training, choice, parts, limited, proof, model, pool })
    }

    /// Trains, with checkpoints if they are wanted.
    fn sit(&self, request: Request<'_>, gap: f64) -> Result<(Choice, Training), Error> {
        if self.options.checkpoint.is_none() && self.resumed.is_none() {
            return auto::train(self.choice.clone(), request);
        }
        let past = self.resumed.as_ref().map(|(past, _)| past);
        let sitting = Sitting::new(&self.problem, request.progress, self.run()?, past);
        if let Some((engine, reason, training)) = sitting.over()? {
            return Ok((Choice { engine, reason, ..self.choice.clone() }, training));
        }
        let resume = self.resumed.as_ref().and_then(|(_, state)| state.as_deref());
        let writer = self.options.checkpoint.clone().map(|file| Writer::new(file, &sitting, resume));
        let checkpoint = Checkpoint { keeper: writer.as_ref().map(|writer| writer as &dyn Keeper), resume };
        let request = request.with_progress(&sitting).with_checkpoint(checkpoint);
        let (choice, training) = auto::train(self.choice.clone(), request)?;
        let training = sitting.finish(training, (choice.engine, &choice.reason), gap);
        writer.iter().for_each(Writer::close);
        Ok((choice, training))
    }

    /// What belongs to each solution; models only where they are wanted.
    fn listed(&self, solutions: Solutions, provenance: Option<&Provenance>, training: &Training) -> Listed {
        let parts = solutions.list.iter().map(|one| self.judged().parts(&one.network, one.loss)).collect();
        let model = |one: &Solution| self.model(provenance?, &pool::claimed(one, training));
        let models = solutions.list.iter().filter_map(model).collect();
        Listed { solutions, parts, models }
    }

    fn judged(&self) -> Judged<'_> {
        Judged { data: self.data, split: &self.split, problem: &self.problem, weighted: self.units.is_some() }
    }

    /// Where nobody asked for branch and bound and it proves alone, it begins where `auto` would begin.
    fn start_of_proof(&self, request: Request<'_>) -> Result<Option<Network>, Error> {
        let automatic = matches!(self.options.method, Method::Auto) && self.choice.engine == EngineName::Milp;
        if automatic { auto::first(request) } else { Ok(None) }
    }

    /// The network of the model to start from, if its rows are scaled the same way and it has the shape wanted.
    pub(crate) fn start(&self) -> Result<Option<&Network>, Error> {
        let Some(model) = &self.options.start else { return Ok(None) };
        let schema = &self.data.schema;
        if !model.schema.fits(schema) {
            return Err(Error::Start("its features or classes are not those of the data"));
        }
        if model.scaler != *self.problem.points.scaler() {
            return Err(Error::Start(
                "its features are scaled otherwise; train on the same rows with the same scaling",
            ));
        }
        if model.network.widths() != self.problem.architecture.widths() {
            return Err(Error::Start("its layers have other widths"));
        }
        Ok(Some(&model.network))
    }

    /// How the network comes about, on which rows. Cost: a digest of the data.
    pub(crate) fn provenance(&self) -> Provenance {
        let Self { data, options, split, units, problem, choice, resumed: _ } = self;
        let whole = split.test.is_empty() && split.validation.is_empty();
        Provenance {
            seed: options.limits.seed,
            settings: options
                .limits
                .settings
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .collect(),
            kept_apart: options.fractions,
            stratify: options.stratify,
            units: units.as_ref().map(RowUnits::of),
            all_sha256: (!whole || units.is_some()).then(|| data.sha256(&data.all())),
            ..Provenance::of(choice.engine.as_str(), problem, data.sha256_of_units(&split.train, units.as_ref()))
        }
    }

    /// The network with all that is needed to use it and to check the claim.
    fn model(&self, provenance: &Provenance, training: &Training) -> Option<Model> {
        let network = training.network.as_ref()?;
        let Training { status, loss, objective, bound, .. } = *training;
        Some(Model {
            program: PROGRAM.to_owned(),
            architecture: self.problem.architecture.clone(),
            network: network.clone(),
            scaling: self.options.scaling,
            scaler: self.problem.points.scaler().clone(),
            schema: self.data.schema.clone(),
            training: provenance.clone(),
            claim: Claim { status, loss, objective, bound },
        })
    }
}

/// Rows as the heuristics take them to choose by, `None` if there are none.
fn validation(data: &Dataset, members: &[usize]) -> Option<Validation> {
    (!members.is_empty()).then(|| Validation {
        rows: members.iter().flat_map(|&i| data.row(i)).copied().collect(),
        labels: members.iter().map(|&i| data.labels[i]).collect(),
    })
}
