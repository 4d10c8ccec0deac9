//! Running sums: `hanpyo_core::sums`.

use hanpyo_core::sums::{self, Counted};
use pyo3::prelude::*;

use crate::ballot::Batch;
use crate::errors::raise;

/// The running sum of one contest over one part of the roll.
#[pyclass(module = "hanpyo._core")]
pub(crate) struct Sum(sums::Sum);

#[pymethods]
impl Sum {
    #[new]
    fn new(options: usize) -> PyResult<Self> {
        sums::Sum::new(options).map(Self).map_err(raise)
    }

    fn add(
        &mut self,
        py: Python<'_>,
        batch: &Bound<'_, Batch>,
        items: Vec<(usize, usize, u32)>,
    ) -> PyResult<()> {
        let (sum, batch, items) = (&mut self.0, &batch.get().0, counted(items));
        py.detach(|| sum.add(batch, &items)).map_err(raise)
    }

    fn subtract(
        &mut self,
        py: Python<'_>,
        batch: &Bound<'_, Batch>,
        items: Vec<(usize, usize, u32)>,
    ) -> PyResult<()> {
        let (sum, batch, items) = (&mut self.0, &batch.get().0, counted(items));
        py.detach(|| sum.subtract(batch, &items)).map_err(raise)
    }

    fn merge(&mut self, other: &Self) -> PyResult<()> {
        self.0.merge(&other.0).map_err(raise)
    }

    fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode()
    }
}

fn counted(items: Vec<(usize, usize, u32)>) -> Vec<Counted> {
    let counted = |(ballot, contest, weight)| Counted {
        ballot,
        contest,
        weight,
    };
    items.into_iter().map(counted).collect()
}
