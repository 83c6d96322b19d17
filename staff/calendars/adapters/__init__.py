"""Where days off come from: published notices, and statutory days where no notice is out."""
