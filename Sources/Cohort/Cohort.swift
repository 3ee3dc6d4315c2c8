// Cohort
