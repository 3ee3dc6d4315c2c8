#ifdef __cplusplus
extern "C" {
#endif
int cboostmath_placeholder(void);
#ifdef __cplusplus
}
#endif
