"""Plans, books and pages that tests of several rooms share."""
