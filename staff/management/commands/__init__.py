"""Commands of people and teams, each as thin as a view."""
