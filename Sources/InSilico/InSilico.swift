// InSilico
